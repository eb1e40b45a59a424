//! `cargo xtask size`: do the widget and the Worker still fit? Fails above the budgets in `size.mjs`.

use crate::build::{self, Kind};
use crate::process::program;
use crate::{Outcome, tools};

/// Measures the release artefacts, building them first.
pub(crate) fn command() -> Outcome {
    tools::for_building()?;
    build::build(Kind::Release)?;
    match program("node xtask/size.mjs target/site target/edge").status() {
        Ok(status) if status.success() => Ok(()),
        _ => Err("Too many bytes: see the list above.".to_owned()),
    }
}
