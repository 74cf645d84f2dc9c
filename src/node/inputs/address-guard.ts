import { lookup as systemLookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";
import { UnusablePicture } from "../images/unusable-picture.ts";

/** Whether machines of the whole internet have such addresses: not this one's, its network's, or one with another meaning. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  return ipaddr.process(address).range() === "unicast";
}

/**
 * Resolves names for connections, and gives out public addresses only. What is checked here is what is connected to, so that
 * a name cannot mean one address when it is checked and another one afterwards.
 */
export const publicLookup: LookupFunction = (hostname, options, answer) => {
  systemLookup(hostname, { ...options, all: true }, (error, found) => {
    if (error !== null) return answer(error, "");
    const fit = found.filter(({ address }) => isPublicAddress(address));
    if (fit.length === 0) return answer(refused(hostname), "");
    if (options.all === true) answer(null, fit);
    else answer(null, fit[0]!.address, fit[0]!.family);
  });
};

/** @throws UnusablePicture for an address that is a number and not public: such are not resolved */
export function checkHost({ hostname }: URL): void {
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  if (isIP(host) !== 0 && !isPublicAddress(host)) throw refused(hostname);
}

function refused(hostname: string): UnusablePicture {
  const reason = `${hostname} is an address of this machine or its network (--allow-private-addresses allows it)`;
  return new UnusablePicture("address-refused", reason);
}
