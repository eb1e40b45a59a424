// What does Cloudflare load? The module that every isolate needs, with the objects; and once somebody asks
// for it, the one for administrators. A request to which the first answers nothing is the second's.
import Worker from "./index.js";

export { DirectoryObject, ThreadObject } from "./index.js";

export default class extends Worker {
  fetch(request) {
    return super.fetch(request) ?? administration(this).then((it) => it.fetch(request));
  }

  scheduled(event) {
    return administration(this).then((it) => it.scheduled(event));
  }
}

// Imported by each request for itself: what one request waits for must not be another's.
async function administration({ ctx, env }) {
  const { default: Administration } = await import("./administration/index.js");
  return new Administration(ctx, env);
}
