//! How does a test wait? For a condition, never for a while.

use crate::Failure;
use std::time::{Duration, Instant};

/// Between two looks at the condition.
const INTERVAL: Duration = Duration::from_millis(20);

/// Asks until there is an answer.
///
/// # Errors
/// After `limit`, with a sentence naming `what` was waited for.
pub async fn until<T>(
    what: &str,
    limit: Duration,
    mut ask: impl AsyncFnMut() -> Option<T>,
) -> Result<T, Failure> {
    let started = Instant::now();
    loop {
        if let Some(answer) = ask().await {
            return Ok(answer);
        }
        if started.elapsed() > limit {
            return Err(Failure::new(format!(
                "Waited {} s in vain: {what}.",
                limit.as_secs()
            )));
        }
        tokio::time::sleep(INTERVAL).await;
    }
}
