/* Another site, on an origin of its own, which embeds programs. */
import { createServer } from "node:http";
import { once } from "node:events";

export class OtherSite {
  static async start() {
    const site = new OtherSite();
    site.html = "";
    site.http = createServer((request, response) => {
      response.setHeader("Content-Type", "text/html; charset=utf-8");
      response.end(site.html);
    });
    site.http.listen(0, "127.0.0.1");
    await once(site.http, "listening");
    site.origin = `http://127.0.0.1:${site.http.address().port}`;
    return site;
  }

  stop() {
    this.http.closeAllConnections();
    this.http.close();
  }
}
