/**
 * What a server says about itself in the clear before any key is exchanged: its greeting and its first packet,
 * SSH_MSG_KEXINIT (RFC 4253, sections 4.2 and 7.1), which lists the algorithms it offers.
 */
export interface ServerHello {
  /** Everything up to the end of the `SSH-2.0-…` line, or all there is while it has not come. */
  banner: string;
  /** null until the packet is complete. */
  offers: Record<"kex" | "hostKey" | "cipher" | "mac" | "compression", string[]> | null;
}

export function readHello(bytes: Buffer): ServerHello {
  const text = bytes.toString("latin1");
  const line = /(?:^|\n)SSH-[^\n]*\n/.exec(text);
  if (line === null) return { banner: printable(text), offers: null };
  const end = line.index + line[0].length;
  return { banner: printable(text.slice(0, end)), offers: readKexInit(bytes.subarray(end)) };
}

function readKexInit(packet: Buffer): ServerHello["offers"] {
  const cookieEnd = 4 + 1 + 1 + 16;
  if (packet.length < cookieEnd || packet[5] !== 20 || packet.length < 4 + packet.readUInt32BE(0))
    return null;
  let at = cookieEnd;
  const list = (): string[] => {
    if (at + 4 > packet.length) return [];
    const length = packet.readUInt32BE(at);
    at += 4 + length;
    return packet.toString("latin1", at - length, at).split(",");
  };
  const [kex, hostKey, cipher, , mac, , compression] = Array.from({ length: 8 }, list);
  return { kex: kex!, hostKey: hostKey!, cipher: cipher!, mac: mac!, compression: compression! };
}

function printable(text: string): string {
  return text
    .trim()
    .split("\n")
    .map((line) => [...line].map((c) => (c >= " " && c <= "~" ? c : c === "\r" ? "" : "?")).join(""))
    .join("\n");
}
