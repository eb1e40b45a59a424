//! Are both ends the same build? One number over all that the frames are made of.
//!
//! It is computed at compile time from the sources of every type that travels, so that it cannot be
//! forgotten: who changes a frame, or what a frame contains, changes the number. The rule itself is
//! among them, since page and edge must decide alike.

/// The sources of everything a frame contains, and of the rule.
const SOURCES: [&str; 17] = [
    include_str!("../protocol.rs"),
    include_str!("../address.rs"),
    include_str!("../consent.rs"),
    include_str!("../content.rs"),
    include_str!("../delivery.rs"),
    include_str!("../id.rs"),
    include_str!("../message.rs"),
    include_str!("../policy.rs"),
    include_str!("../policy/permit.rs"),
    include_str!("../policy/refusal.rs"),
    include_str!("../template/mod.rs"),
    include_str!("../template/filling.rs"),
    include_str!("../template/placeholders.rs"),
    include_str!("../text.rs"),
    include_str!("../thread/mod.rs"),
    include_str!("../time.rs"),
    include_str!("../window.rs"),
];

/// FNV-1a, 64 bits: enough to tell builds apart, and short enough to run while compiling.
const fn hash(sources: &[&str]) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut rest = sources;
    while let [first, tail @ ..] = rest {
        let mut bytes = first.as_bytes();
        while let [byte, others @ ..] = bytes {
            hash = (hash ^ *byte as u64).wrapping_mul(0x0000_0100_0000_01b3);
            bytes = others;
        }
        rest = tail;
    }
    hash
}

const NUMBER: u64 = hash(&SOURCES);

const HEX: [u8; 16] = {
    let digits = b"0123456789abcdef";
    let mut hex = [0; 16];
    let mut i = 0;
    while i < 16 {
        #[allow(clippy::indexing_slicing)] // in a constant: out of bounds would not compile
        {
            hex[i] = digits[((NUMBER >> (60 - 4 * i)) & 15) as usize];
        }
        i += 1;
    }
    hex
};

/// The fingerprint of this build's protocol: 16 hexadecimal digits.
pub const FINGERPRINT: &str = match core::str::from_utf8(&HEX) {
    Ok(text) => text,
    Err(_) => "",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_sixteen_digits_and_depends_on_every_source() {
        assert_eq!(FINGERPRINT.len(), 16);
        assert!(FINGERPRINT.bytes().all(|b| b.is_ascii_hexdigit()));
        assert_ne!(hash(&["a", "b"]), hash(&["a", "c"]));
        assert_ne!(hash(&["a", "b"]), hash(&["b", "a"]));
    }
}
