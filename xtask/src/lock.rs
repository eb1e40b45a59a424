//! Who may install or build right now? One `cargo xtask` at a time: two would write the same files.

use crate::Outcome;
use std::fs::{File, TryLockError, create_dir_all};

/// Held until dropped, or until the process ends in whatever way.
pub(crate) struct Lock(#[expect(dead_code, reason = "holding it open is the lock")] File);

/// Waits for another `cargo xtask` that holds the same lock, and says so.
pub(crate) fn acquire(name: &str) -> Outcome<Lock> {
    let refused = |error: std::io::Error| format!("Cannot lock target/{name}.lock: {error}.");
    create_dir_all("target").map_err(refused)?;
    let file = File::create(format!("target/{name}.lock")).map_err(refused)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            eprintln!("· waiting for another `cargo xtask`");
            file.lock().map_err(refused)?;
        }
        Err(TryLockError::Error(error)) => return Err(refused(error)),
    }
    Ok(Lock(file))
}
