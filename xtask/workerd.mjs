// How is the built Worker run on this machine? In workerd, through Miniflare's API, with the bindings
// and the compatibility date of edge/wrangler.toml and nothing between a client and the Worker.
//
//   node xtask/workerd.mjs '{"script":"target/edge-dev/","site":"target/site/","port":8787,
//                            "state":"target/dev-state/edge","vars":{"PUBLIC_URL":"…"}}'
//
// Paths are relative to the working directory. Port 0 takes a free one. PUBLIC_URL, when not given, is
// the address listened on. On stdout: `workerd <pid>`, then `edge ready http://127.0.0.1:<port>`;
// the Worker's own log goes to stderr.
//
// It ends, workerd with it, when its stdin closes: whoever started it may be killed in any way and
// nothing stays behind. When workerd dies first (a test's `kill -9`) it ends too, with code 3; starting it
// again with the same `state` and `port` is the restart. State lies on disk: with `inMemory` storage
// workerd crashes when an alarm fires.
import childProcess from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "smol-toml";

const options = JSON.parse(process.argv[2] ?? "{}");
const script = path.resolve(options.script ?? "target/edge-dev");
const site = path.resolve(options.site ?? "target/site");
const state = path.resolve(options.state ?? "target/dev-state/edge");
const port = options.port || (await freePort());
const wrangler = parse(readFileSync(fileURLToPath(new URL("../edge/wrangler.toml", import.meta.url)), "utf8"));

if (!existsSync(path.join(script, "worker.js"))) {
  process.stderr.write(`There is no Worker in ${script}: run \`cargo xtask build --dev\`.\n`);
  process.exit(2);
}
mkdirSync(state, { recursive: true });
mkdirSync(site, { recursive: true });

let stopping = false;
watchWorkerd();
const { Miniflare, Log, LogLevel } = await import("miniflare");

const miniflare = new Miniflare({
  name: wrangler.name,
  modules: true,
  modulesRoot: script,
  scriptPath: path.join(script, "worker.js"),
  modulesRules: [
    { type: "ESModule", include: ["**/*.js"] },
    { type: "CompiledWasm", include: ["**/*.wasm"] },
  ],
  compatibilityDate: wrangler.compatibility_date,
  compatibilityFlags: wrangler.compatibility_flags ?? [],
  bindings: { ...wrangler.vars, PUBLIC_URL: `http://127.0.0.1:${port}`, ...options.vars },
  kvNamespaces: byName(wrangler.kv_namespaces, "binding", (it) => it.binding),
  r2Buckets: byName(wrangler.r2_buckets, "binding", (it) => it.bucket_name),
  durableObjects: byName(wrangler.durable_objects?.bindings, "name", (it) => ({
    className: it.class_name,
    useSQLite: true,
  })),
  assets: {
    directory: site,
    binding: wrangler.assets?.binding ?? "ASSETS",
    routerConfig: { has_user_worker: true, invoke_user_worker_ahead_of_assets: true },
    assetConfig: {
      html_handling: wrangler.assets?.html_handling ?? "auto-trailing-slash",
      not_found_handling: wrangler.assets?.not_found_handling ?? "none",
    },
  },
  // Straight to the Worker: Miniflare's own entry and the assets router are not in the way.
  unsafeDirectSockets: [{ host: "127.0.0.1", port }],
  host: "127.0.0.1",
  port: 0,
  cf: false,
  defaultPersistRoot: state,
  log: new Log(LogLevel.ERROR),
  handleRuntimeStdio(stdout, stderr) {
    stdout.pipe(process.stderr, { end: false });
    stderr.pipe(process.stderr, { end: false });
  },
});

process.stdin.on("end", stop).on("close", stop).on("error", stop).resume();
process.on("SIGTERM", stop).on("SIGINT", stop);

try {
  await miniflare.ready;
} catch (error) {
  process.stderr.write(`The Worker did not start: ${error.message}\n`);
  await stop(1);
}
process.stdout.write(`edge ready http://127.0.0.1:${port}\n`);

async function stop(code) {
  if (stopping) return;
  stopping = true;
  await miniflare.dispose().catch(() => {});
  process.exit(typeof code === "number" ? code : 0);
}

// Miniflare does not say which process it started, nor that it died; tests need both.
function watchWorkerd() {
  const spawn = childProcess.spawn;
  childProcess.spawn = (command, ...rest) => {
    const child = spawn(command, ...rest);
    if (path.basename(command).startsWith("workerd")) {
      process.stdout.write(`workerd ${child.pid}\n`);
      child.once("exit", (code, signal) => {
        if (stopping) return;
        process.stderr.write(`workerd ended by itself (${signal ?? code}).\n`);
        process.exit(3);
      });
    }
    return child;
  };
}

function byName(list, key, value) {
  return Object.fromEntries((list ?? []).map((it) => [it[key], value(it)]));
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
