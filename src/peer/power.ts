/** The Battery Status API, which some browsers have. */
interface Battery extends EventTarget { readonly charging: boolean }

/** Whether this machine charges, and what follows when that changes: null where the browser does not tell. A machine without a battery charges. */
export async function watchPower(changed: (charging: boolean) => void): Promise<boolean | null> {
  const { getBattery } = navigator as { getBattery?: () => Promise<Battery> }
  if (getBattery === undefined) return null
  try {
    const battery = await getBattery.call(navigator)
    battery.addEventListener('chargingchange', () => { changed(battery.charging) })
    return battery.charging
  } catch { return null } // kept from us by a policy
}
