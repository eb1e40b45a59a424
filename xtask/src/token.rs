//! `cargo xtask token`: a JWT for development, made where the tests make theirs.

use crate::Outcome;
use crate::process::{cargo, only_options};

/// Prints the token alone.
pub(crate) fn command(arguments: &[String]) -> Outcome {
    only_options(arguments, &["--role", "--name", "--senders", "--ttl"], &[])?;
    let mut token = cargo("run --quiet -p world --bin token --");
    token.args(arguments);
    match token.status() {
        Ok(status) if status.success() => Ok(()),
        _ => Err(
            "No token: give `--role admin|supervisor|agent|service --name NAME` and, if wanted, `--senders a,b --ttl SECONDS`."
                .to_owned(),
        ),
    }
}
