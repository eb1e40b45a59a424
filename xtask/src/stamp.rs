//! Did this input change since the work was last done?
//!
//! A stamp is a file that holds the hash of what the work was made from. It is written only
//! after the work succeeded, so whatever was interrupted is done again.

use crate::Outcome;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// Remembers, in one file, what some work was last made from.
pub(crate) struct Stamp {
    file: PathBuf,
    now: String,
}

impl Stamp {
    /// The stamp `name` for work made from these files and this text (versions, flags).
    pub(crate) fn of(name: &str, files: &[&Path], text: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        for file in files {
            file.hash(&mut hasher);
            fs::read(file).ok().hash(&mut hasher);
        }
        Self {
            file: Path::new("target/stamps").join(name),
            now: format!("{:016x}", hasher.finish()),
        }
    }

    /// Whether the work was done from exactly this.
    pub(crate) fn is_fresh(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|then| then == self.now)
    }

    /// To be called once the work is done.
    pub(crate) fn write(&self) -> Outcome {
        let folder = self.file.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&self.file, &self.now))
            .map_err(|error| format!("Cannot write {}: {error}.", self.file.display()))
    }
}
