import { get, type IncomingHttpHeaders } from "node:http";

export interface Page {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A page of a host's front door, by the site's name. (fetch would replace the Host header.) */
export function page(
  address: string,
  path: string,
  headers: Record<string, string> = { host: "shop.example.com" },
  port = 80,
): Promise<Page> {
  return new Promise((resolve, reject) => {
    const request = get({ host: address, port, path, headers, agent: false, timeout: 20_000 }, (answer) => {
      let body = "";
      answer.setEncoding("utf8").on("data", (text: string) => {
        body += text;
      });
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }));
    });
    request.on("error", reject).on("timeout", () => request.destroy(new Error(`no answer for ${path}`)));
  });
}
