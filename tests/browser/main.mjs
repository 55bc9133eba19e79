import { runAll } from "./harness.mjs";
import { Server } from "./server.mjs";
import { OtherSite } from "./other_site.mjs";
import "./reading.mjs";
import "./running.mjs";
import "./live.mjs";
import "./exercises.mjs";
import "./people.mjs";
import "./access.mjs";
import "./embed.mjs";

const site = await OtherSite.start();
const server = await Server.start({ cors_origins: site.origin });
let good = false;
try {
  good = await runAll(process.argv.slice(2), server, site);
} finally {
  await server.stop();
  site.stop();
}
process.exit(good ? 0 : 1);
