//! What is loaded when an administrator asks for something? The console, the set-up's routes and the cron: what
//! JavaScript may call of `edge` with its feature `administration`. Nothing else is linked.

use edge as _;
