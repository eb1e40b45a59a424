//! What is an address on WhatsApp?
//!
//! Either a phone number (`+391234567890`) or a business-scoped user id (`IT.13491208655302741918`).
//! Twilio writes both behind the channel's prefix `whatsapp:`.

/// The prefix of every address in Twilio's parameters.
pub const CHANNEL: &str = "whatsapp:";

/// True for `+` and 7 to 15 digits, the first not zero.
pub fn is_phone(address: &str) -> bool {
    address.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len())
            && !digits.starts_with('0')
            && digits.bytes().all(|b| b.is_ascii_digit())
    })
}

/// True for two capital letters, a dot, and up to 128 letters or digits.
pub fn is_business_scoped(address: &str) -> bool {
    match address.split_once('.') {
        Some((country, id)) => {
            country.len() == 2
                && country.bytes().all(|b| b.is_ascii_uppercase())
                && (1..=128).contains(&id.len())
                && id.bytes().all(|b| b.is_ascii_alphanumeric())
        }
        None => false,
    }
}

/// True for what a customer may have.
pub fn is_customer(address: &str) -> bool {
    is_phone(address) || is_business_scoped(address)
}

/// The business-scoped id that a phone number has until a test says otherwise: always the same one.
pub fn business_scoped_id(phone: &str) -> String {
    const COUNTRIES: [(&str, &str); 12] = [
        ("+39", "IT"),
        ("+44", "GB"),
        ("+49", "DE"),
        ("+33", "FR"),
        ("+34", "ES"),
        ("+55", "BR"),
        ("+52", "MX"),
        ("+54", "AR"),
        ("+91", "IN"),
        ("+62", "ID"),
        ("+41", "CH"),
        ("+1", "US"),
    ];
    let country = COUNTRIES
        .iter()
        .find(|(prefix, _)| phone.starts_with(prefix));
    // FNV-1a: the id must not show the number, and must be the same after a restart.
    let hash = phone.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!(
        "{}.{hash:020}",
        country.map_or("US", |(_, country)| *country)
    )
}

/// `+39333123XXXX`: how `ChannelToAddress` hides a number.
pub fn masked(address: &str) -> String {
    let kept = address.len().saturating_sub(4);
    format!("{}XXXX", address.get(..kept).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_and_business_scoped_ids_are_told_apart() {
        assert!(is_phone("+393331234567") && !is_business_scoped("+393331234567"));
        assert!(is_business_scoped("IT.13491208655302741918"));
        for wrong in [
            "393331234567",
            "+0123456789",
            "it.123",
            "ITA.1",
            "IT.",
            "+39 333 1234567",
        ] {
            assert!(!is_customer(wrong), "{wrong}");
        }
    }

    #[test]
    fn an_id_stays_with_its_number_and_does_not_show_it() {
        let id = business_scoped_id("+393331234567");
        assert_eq!(id, business_scoped_id("+393331234567"));
        assert!(is_business_scoped(&id) && id.starts_with("IT.") && !id.contains("3331234567"));
        assert_eq!(masked("+393331234567"), "+39333123XXXX");
    }
}
