//! `cargo xtask deploy`: is this tree fit to face customers? Then, and only then, `wrangler deploy`.

use crate::build::{self, Kind};
use crate::process::{output, run};
use crate::{Outcome, health, tools};
use std::fs;
use std::process::Command;

const SECRETS: [&str; 3] = ["JWT_SECRET", "DEPLOYMENT_KEY", "TOKEN_KEY"];
/// Builds, checks, deploys; the first check that fails says what to do.
pub(crate) fn command() -> Outcome {
    tools::for_building()?;
    let settings = fs::read_to_string("edge/wrangler.toml")
        .map_err(|error| format!("edge/wrangler.toml cannot be read: {error}."))?;
    settings_are_real(&settings)?;
    build::build(Kind::Release)?;
    is_a_release(&health::of("target/edge")?)?;
    let mut list = wrangler()?;
    list.args(["secret", "list", "--format", "json"]);
    let listed = output(list).ok_or(
        "Cloudflare did not list the Worker's secrets: run `npx wrangler login` in xtask/ and set them with `npx wrangler secret put`.",
    )?;
    secrets_are_set(&listed)?;
    let mut deploy = wrangler()?;
    deploy.arg("deploy");
    run(deploy, "wrangler refused to deploy: see above.")
}

fn wrangler() -> Outcome<Command> {
    let mut wrangler = Command::new(tools::npm_binary("wrangler")?);
    wrangler
        .current_dir("edge")
        .env("WRANGLER_SEND_METRICS", "false");
    Ok(wrangler)
}

fn settings_are_real(settings: &str) -> Outcome {
    let meant = |line: &&str| !line.trim_start().starts_with('#');
    for line in settings.lines().filter(meant) {
        if line.contains("\"00000000000000000000000000000000\"") {
            return Err("edge/wrangler.toml has no KV id: run `npx wrangler kv namespace create KV` and put its id there.".to_owned());
        }
        if line.contains("example.com") {
            return Err(format!(
                "edge/wrangler.toml still names an example: put your own address in `{}`.",
                line.trim()
            ));
        }
    }
    Ok(())
}

/// By what the Worker that is about to be uploaded says of itself.
fn is_a_release(healthz: &str) -> Outcome {
    if !healthz.starts_with("HTTP/1.1 200") {
        return Err("The Worker in target/edge is not healthy: run it with `node xtask/workerd.mjs` and look at /healthz.".to_owned());
    }
    if healthz.contains("simulated-clock") {
        return Err(
            "target/edge was built with `simulated-clock`: remove target/edge and deploy again."
                .to_owned(),
        );
    }
    Ok(())
}

fn secrets_are_set(listed: &str) -> Outcome {
    match SECRETS
        .iter()
        .find(|name| !listed.contains(&format!("\"{name}\"")))
    {
        None => Ok(()),
        Some(missing) => Err(format!(
            "The secret {missing} is not set: run `npx wrangler secret put {missing} --config ../edge/wrangler.toml` in xtask/."
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_that_was_never_configured_is_refused() {
        assert!(settings_are_real("id = \"00000000000000000000000000000000\"").is_err());
        assert!(settings_are_real("PUBLIC_URL = \"https://finestra.example.com\"").is_err());
        assert!(settings_are_real("# https://finestra.example.com\nid = \"0f\"").is_ok());
    }

    #[test]
    fn a_worker_whose_clock_can_be_moved_is_refused() {
        let answer = |body: &str| format!("HTTP/1.1 200 OK\r\n\r\n{body}");
        assert!(
            is_a_release(&answer(r#"{"version":"1","features":["simulated-clock"]}"#)).is_err()
        );
        assert!(is_a_release(&answer(r#"{"version":"1","features":[]}"#)).is_ok());
        assert!(is_a_release("HTTP/1.1 500 Internal Server Error").is_err());
    }

    #[test]
    fn every_secret_must_be_there() {
        assert!(secrets_are_set(r#"[{"name":"JWT_SECRET"},{"name":"TOKEN_KEY"}]"#).is_err());
        assert!(
            secrets_are_set(
                r#"[{"name":"JWT_SECRET"},{"name":"TOKEN_KEY"},{"name":"DEPLOYMENT_KEY"}]"#
            )
            .is_ok()
        );
    }
}
