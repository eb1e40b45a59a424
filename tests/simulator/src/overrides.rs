//! How long does Twilio wait for a webhook, and when does it try again?
//!
//! Connection overrides stand in the URL's fragment: `#rc=3&rp=ct,5xx,rt&rt=4000&ct=2000`. Out of range
//! values are brought into range; unknown keys are ignored, as Twilio does.

use std::time::Duration;

/// What one delivery may do, in total.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overrides {
    /// Time for the TCP connection.
    pub connect: Duration,
    /// Time to the first byte, and between packets.
    pub read: Duration,
    /// Everything together, retries included.
    pub total: Duration,
    /// How many times again after the first attempt.
    pub retries: u32,
    /// What a retry may answer to.
    pub policy: Policy,
}

/// Which failures are tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// 4xx answers.
    pub client_error: bool,
    /// 5xx answers.
    pub server_error: bool,
    /// No connection.
    pub connect: bool,
    /// No answer in time.
    pub read: bool,
}

/// How one attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// An answer with this HTTP status.
    Answered(u16),
    /// The connection failed or took too long.
    NoConnection,
    /// Connected, and no answer came.
    NoAnswer,
}

impl Policy {
    /// True if an attempt that ended like this is repeated.
    pub fn repeats(self, ending: Ending) -> bool {
        match ending {
            Ending::Answered(400..=499) => self.client_error,
            Ending::Answered(500..=599) => self.server_error,
            Ending::Answered(_) => false,
            Ending::NoConnection => self.connect,
            Ending::NoAnswer => self.read,
        }
    }
}

impl Overrides {
    /// Reads the fragment of a webhook's URL.
    pub fn of_url(url: &str) -> Self {
        let (mut connect, mut read, mut total, mut retries) = (5_000, 15_000, 15_000, 1);
        let mut policy = Policy {
            client_error: false,
            server_error: false,
            connect: true,
            read: false,
        };
        let fragment = url.split_once('#').map_or("", |(_, fragment)| fragment);
        for (key, value) in fragment.split('&').filter_map(|pair| pair.split_once('=')) {
            let bounded = |low: u64, high: u64, default: u64| {
                value
                    .parse::<u64>()
                    .map_or(default, |given| given.clamp(low, high))
            };
            match key {
                "ct" => connect = bounded(100, 10_000, connect),
                "rt" => read = bounded(100, 15_000, read),
                "tt" => total = bounded(100, 15_000, total),
                "rc" => retries = bounded(0, 5, retries),
                "rp" => {
                    let has = |word: &str| value.split(',').any(|one| one == word || one == "all");
                    policy = Policy {
                        client_error: has("4xx"),
                        server_error: has("5xx"),
                        connect: has("ct"),
                        read: has("rt"),
                    };
                }
                _ => {}
            }
        }
        Self {
            connect: Duration::from_millis(connect),
            read: Duration::from_millis(read),
            total: Duration::from_millis(total),
            retries: retries as u32,
            policy,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_fragment_only_a_failed_connection_is_tried_once_more() {
        let overrides = Overrides::of_url("http://127.0.0.1/hook?a=1");
        assert_eq!(overrides.retries, 1);
        assert_eq!(overrides.total, Duration::from_secs(15));
        assert!(overrides.policy.repeats(Ending::NoConnection));
        for kept in [
            Ending::NoAnswer,
            Ending::Answered(503),
            Ending::Answered(404),
            Ending::Answered(200),
        ] {
            assert!(!overrides.policy.repeats(kept), "{kept:?}");
        }
    }

    #[test]
    fn the_recommended_fragment() {
        let overrides =
            Overrides::of_url("http://127.0.0.1/hook#rc=3&rp=ct,5xx,rt&rt=4000&ct=2000");
        assert_eq!(overrides.retries, 3);
        assert_eq!(
            (overrides.read, overrides.connect),
            (Duration::from_secs(4), Duration::from_secs(2))
        );
        assert!(overrides.policy.repeats(Ending::Answered(500)));
        assert!(overrides.policy.repeats(Ending::NoAnswer));
        assert!(!overrides.policy.repeats(Ending::Answered(429)));
    }

    #[test]
    fn values_out_of_range_are_brought_into_range() {
        let overrides = Overrides::of_url("http://h/#rc=9&tt=99999&ct=1&rt=soon");
        assert_eq!(overrides.retries, 5);
        assert_eq!(overrides.total, Duration::from_secs(15));
        assert_eq!(overrides.connect, Duration::from_millis(100));
        assert_eq!(overrides.read, Duration::from_secs(15));
    }
}
