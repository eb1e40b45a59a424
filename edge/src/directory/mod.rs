//! How is it set up? Accounts, senders and templates, kept by one object for the whole deployment.
//!
//! | question | module |
//! |---|---|
//! | what is kept? | [`setup`], [`settings`] |
//! | what may be asked for? | [`draft`], read by [`fields`] |
//! | may it be so, and what follows? | [`rules`]: pure |
//! | who may see and change it? | [`access`]: pure |
//! | what did not go as it should? | [`notes`] |
//! | how does it fare? | [`facts`], noted in [`passing`] |
//! | which threads are there? | [`threads`] |
//! | who changed what? | [`audit`] |
//! | how do templates come from Twilio? | [`sync`] |
//! | how is the object asked? | [`calls`] |
//! | what does the object do? | [`object`] over [`store`], [`migrations`] and [`publish`] |
//!
//! Invariant: nobody else writes `config:…` to KV.
//! Invariant: a Twilio token is sealed before it comes here, and the API tells none, sealed or not.

pub mod access;
pub mod audit;
pub mod calls;
pub mod draft;
pub mod facts;
pub mod fields;
mod migrations;
pub mod notes;
#[cfg(feature = "worker")]
pub mod object;
pub mod passing;
mod publish;
pub mod rules;
pub mod settings;
pub mod setup;
mod store;
pub mod sync;
pub mod threads;

#[cfg(feature = "worker")]
pub use object::DirectoryObject;
