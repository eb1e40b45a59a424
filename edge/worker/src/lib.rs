//! What does every isolate load? Webhooks, sockets, the agents' API and the objects: what JavaScript may call
//! of `edge` with its feature `worker`. Nothing else is linked.

use edge as _;
