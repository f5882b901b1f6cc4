/** Whether this is Safari outside an installed app, which clears a site's storage after seven days without a visit. */
export function clearsAfterAWeek(agent = navigator.userAgent): boolean {
  return /^(?!.*(chrom|crios|fxios|edg|android)).*safari/i.test(agent) && !matchMedia('(display-mode: standalone)').matches
}
