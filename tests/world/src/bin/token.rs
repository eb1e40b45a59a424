//! What `cargo xtask token` prints: a development JWT, or one under the secret in `JWT_SECRET`.

use std::process::ExitCode;
use world::{Claims, DEVELOPMENT_SECRET, mint};

const ROLES: [&str; 4] = ["admin", "supervisor", "agent", "service"];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let option = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).map(String::as_str)
    };
    let (Some(role), Some(name)) = (option("--role"), option("--name")) else {
        return ExitCode::FAILURE;
    };
    let Ok(seconds) = option("--ttl").unwrap_or("3600").parse() else {
        return ExitCode::FAILURE;
    };
    if !ROLES.contains(&role) {
        return ExitCode::FAILURE;
    }
    let senders: Vec<&str> = option("--senders").unwrap_or("*").split(',').collect();
    let secret = std::env::var("JWT_SECRET").unwrap_or_else(|_| DEVELOPMENT_SECRET.to_owned());
    println!(
        "{}",
        mint(&secret, &Claims::new(role, name, &senders, seconds))
    );
    ExitCode::SUCCESS
}
