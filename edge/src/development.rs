//! What exists in development builds only? The simulated clock and minting of tokens; signing in to the
//! console and the cron's beat are in [`crate::administration`].

use crate::auth::jwt;
use crate::http::{Answer, Ask};
use crate::problem::Problem;
use crate::thread::calls;
use crate::{clock, directory};
use serde::Deserialize;
use worker::Env;

#[derive(Deserialize)]
struct Clock {
    offset_ms: i64,
}

/// Answers what stands below `/development/`.
pub async fn answer(env: &Env, ask: &Ask, what: &str) -> Answer {
    match (ask.method.as_str(), what) {
        ("POST", "clock") => set_clock(env, ask).await.unwrap_or_else(Answer::from),
        ("POST", "token") => jwt::development_token(env, ask).unwrap_or_else(Answer::from),
        _ => Problem::not_found().into(),
    }
}

/// Moves the clock, durably, and wakes everything that waits for a time.
async fn set_clock(env: &Env, ask: &Ask) -> Result<Answer, Problem> {
    let Clock { offset_ms } = ask.json()?;
    directory::calls::set_clock_offset(env, offset_ms).await?;
    clock::set(offset_ms);
    calls::tick(env).await;
    Ok(Answer::empty(204))
}
