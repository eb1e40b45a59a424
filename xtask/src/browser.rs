//! Which Chromium do the browser tests drive? The machine's own, else Debian's.

use crate::Outcome;
use crate::process::{output, program, run, step};
use std::path::PathBuf;

const NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];
#[cfg(target_os = "macos")]
const ELSEWHERE: [&str; 2] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
];
#[cfg(not(target_os = "macos"))]
const ELSEWHERE: [&str; 0] = [];

/// `CHROMIUM` if it is set, else the first one found on this machine.
pub(crate) fn find() -> Option<PathBuf> {
    if let Some(given) = std::env::var_os("CHROMIUM") {
        return Some(PathBuf::from(given));
    }
    let path = std::env::var_os("PATH")?;
    NAMES
        .iter()
        .flat_map(|name| std::env::split_paths(&path).map(move |folder| folder.join(name)))
        .chain(ELSEWHERE.iter().map(PathBuf::from))
        .find(|candidate| candidate.is_file())
}

/// The same, installing Debian's when there is none and we may.
pub(crate) fn ensure() -> Outcome<PathBuf> {
    if let Some(found) = find() {
        return Ok(found);
    }
    let remedy =
        "There is no Chromium: install chromium or google-chrome, or set CHROMIUM to its path.";
    let is_root = output(program("id -u")).as_deref() == Some("0");
    if !is_root || output(program("apt-get --version")).is_none() {
        return Err(remedy.to_owned());
    }
    step("Chromium, by apt-get", || {
        run(program("apt-get update -qq"), remedy)?;
        let mut apt = program("apt-get install -y -qq --no-install-recommends chromium");
        apt.env("DEBIAN_FRONTEND", "noninteractive");
        run(apt, remedy)
    })?;
    find().ok_or_else(|| remedy.to_owned())
}
