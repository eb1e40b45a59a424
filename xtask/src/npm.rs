//! Are the npm packages of a folder the ones its lock file names?

use crate::Outcome;
use crate::process::{program, run, step};
use crate::stamp::Stamp;
use std::path::Path;

/// `npm ci` in the folder when its lock file is not the one installed last.
pub(crate) fn install(folder: &str) -> Outcome {
    let lock = Path::new(folder).join("package-lock.json");
    if !lock.exists() {
        return Ok(());
    }
    let stamp = Stamp::of(&format!("npm-{}", folder.replace('/', "-")), &[&lock], "");
    if stamp.is_fresh() && Path::new(folder).join("node_modules").exists() {
        return Ok(());
    }
    step(&format!("npm packages of {folder}/"), || {
        let mut npm = program("npm ci --no-fund --no-audit --loglevel=error");
        npm.current_dir(folder);
        run(
            npm,
            &format!(
                "`npm ci` failed in {folder}/: check that npm reaches its registry, then try again."
            ),
        )
    })?;
    stamp.write()
}
