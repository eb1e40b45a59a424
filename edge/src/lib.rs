//! Finestra's edge: the Cloudflare Worker between Twilio and the agents' pages.
//!
//! The cores in `shared` decide, what stands here acts. A request comes in through [`entry`], is
//! routed, and ends in one of the objects, each the single owner of its facts:
//!
//! | question | module |
//! |---|---|
//! | where does a request go? | [`entry`], [`administration`] (the Worker's two modules), [`routes`] |
//! | how does the platform's request become ours? | [`request`] |
//! | what does Twilio tell us? | [`webhook`] |
//! | what happens to a thread? | [`thread`] (`ThreadObject`) |
//! | how is it set up? | [`directory`] (`DirectoryObject`) |
//! | what may a program ask? | [`api`] |
//! | who is asking? | [`auth`] |
//! | what leaves for Twilio? | [`twilio`] |
//! | what does a browser load? | [`site`] |
//! | what does an administrator see? | [`console`] |
//! | what lies in KV? | [`kv`], [`records`] |
//! | what comes before what? | [`order`] |
//! | how is the platform reached in few steps? | [`platform`], [`prompt`], [`together`] |

#![cfg_attr(
    not(feature = "worker"),
    allow(
        dead_code,
        unused_imports,
        reason = "the objects are in the other module"
    )
)]

#[cfg(feature = "administration")]
pub mod administration;
pub mod api;
pub mod auth;
pub mod clock;
pub mod config;
pub mod console;
#[cfg(feature = "simulated-clock")]
pub mod development;
pub mod directory;
#[cfg(feature = "worker")]
pub mod entry;
pub mod http;
pub mod iso;
pub mod json;
pub mod kv;
pub mod objects;
pub mod order;
pub mod platform;
pub mod problem;
pub mod prompt;
pub mod records;
pub mod request;
pub mod routes;
pub mod seal;
pub mod site;
pub mod sql;
pub mod thread;
pub mod together;
pub mod tokens;
pub mod twilio;
pub mod webhook;
