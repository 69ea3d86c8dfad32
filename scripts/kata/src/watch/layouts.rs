//! Which key was meant on a keyboard whose letters are not Latin, or with Caps Lock.
//!
//! A terminal sends what a key prints, not which key it is: where a Latin layout has `h`, a Russian one prints
//! `р`. The table leads back to the key.

const LATIN: &str = "qwertyuiopasdfghjklzxcvbnm";

/// What these keys print on other layouts, in the same order; `_` is not a letter, or stands for
/// another key elsewhere.
const LAYOUTS: [(&str, &str); 13] = [
    ("Russian", "йцукенгшщзфывапролдячсмить"),
    ("Ukrainian", "йцукенгшщзфівапролдячсмить"),
    ("Belarusian", "йцукенгшўзфывапролдячсм_ть"),
    // Its other letters are other keys in Russian.
    ("Serbian", "љњ____________ј___ѕџ______"),
    ("Greek", "_ςερτυθιοπασδφγηξκλζχψωβνμ"),
    ("Hebrew", "__קראטוןםפשדגכעיחלךזסבהנמצ"),
    ("Arabic", "ضصثقفغعهخحشسيبلاتنمئءؤر_ىة"),
    ("Persian", "ضصثقفغعهخحشسیبلاتنمظطزرذدپ"),
    ("Korean", "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡ"),
    ("Georgian", "ქწერტყუიოპასდფგჰჯკლზხცვბნმ"),
    ("Thai", "ๆไำพะัีรนยฟหกดเ้่าสผปแอิืท"),
    ("Devanagari", "ौैाीूबहगदजोे्िुपरकतॆंमनवलस"),
    ("full width", "ｑｗｅｒｔｙｕｉｏｐａｓｄｆｇｈｊｋｌｚｘｃｖｂｎｍ"),
];

/// The first of each ten digits of scripts that have their own.
const ZEROS: [char; 5] = ['\u{660}', '\u{6f0}', '\u{966}', '\u{e50}', '\u{ff10}'];

/// The keys above the letters, from 1 to 9, as they print without Shift on French, Czech and Slovak keyboards.
const UNSHIFTED_DIGITS: [&str; 3] = ["&é\"'(-è_ç", "+ěščřžýáí", "+ľščťžýáí"];

/// The small Latin letter, the digit or the sign that was meant with this character.
pub fn meant(c: char) -> char {
    let small = c.to_lowercase().next().unwrap_or(c);
    if small.is_ascii() {
        return small;
    }
    if let Some(digit) =
        ZEROS.iter().find_map(|zero| u32::from(c).checked_sub(u32::from(*zero)).filter(|d| *d < 10))
    {
        return char::from_digit(digit, 10).unwrap_or(c);
    }
    if matches!(c, '\u{61f}' | '\u{37e}' | '\u{ff1f}') {
        return '?';
    }
    let key = LAYOUTS.iter().find_map(|(_, keys)| keys.chars().position(|key| key == small));
    key.and_then(|key| LATIN.chars().nth(key)).unwrap_or(small)
}

/// The digit that was meant with this character, where a digit is asked for.
pub fn digit(c: char) -> Option<u32> {
    let on_key = |keys: &&str| keys.chars().position(|key| key == c);
    let unshifted = || UNSHIFTED_DIGITS.iter().find_map(on_key).and_then(|at| u32::try_from(at + 1).ok());
    meant(c).to_digit(10).or_else(unshifted)
}

/// Whether it is a letter of which no key is known.
pub fn is_foreign(c: char) -> bool {
    c.is_alphabetic() && !meant(c).is_ascii()
}

#[cfg(test)]
mod tests {
    use super::{LATIN, LAYOUTS, digit, is_foreign, meant};

    #[test]
    fn each_layout_has_a_key_for_each_letter() {
        for (name, keys) in LAYOUTS {
            assert_eq!(keys.chars().count(), LATIN.len(), "{name}");
            assert!(keys.chars().all(|key| key == '_' || !key.is_ascii()), "{name}");
        }
    }

    #[test]
    fn each_letter_stands_for_only_one_key() {
        let keys = || {
            LAYOUTS
                .iter()
                .flat_map(|(name, keys)| keys.chars().zip(LATIN.chars()).map(move |key| (key, name)))
        };
        for ((letter, latin), name) in keys().filter(|((letter, _), _)| *letter != '_') {
            for ((_, other), other_name) in keys().filter(|((same, _), _)| *same == letter) {
                assert_eq!(latin, other, "{letter} of {name} and {other_name}");
            }
            assert_eq!(meant(letter), latin, "{name}");
        }
    }

    #[test]
    fn the_guides_keys_work_on_every_layout_and_with_caps_lock() {
        for (typed, wanted) in [
            ("hslndorq", "hslndorq"),
            ("HSLNDORQ", "hslndorq"),
            ("рыдтвщкй", "hslndorq"),
            ("РЫДТВЩКЙ", "hslndorq"),
            ("рідтвщкй", "hslndorq"),
            ("ησλνδορ", "hslndor"),
            ("ΗΣΛΝΔΟΡ", "hslndor"),
            ("ידךמגםר", "hslndor"),
            ("اسمىيخقض", "hslndorq"),
            ("ㅗㄴㅣㅜㅇㅐㄱㅂ", "hslndorq"),
            ("ｈＳｑ？５", "hsq?5"),
            ("؟٣۳३๓", "?3333"),
            ("?5 ", "?5 "),
        ] {
            assert_eq!(typed.chars().map(meant).collect::<String>(), wanted, "{typed}");
        }
    }

    #[test]
    fn a_digit_needs_no_shift() {
        for (typed, wanted) in
            [('5', Some(5)), ('(', Some(5)), ('é', Some(2)), ('ř', Some(5)), ('۵', Some(5)), ('h', None)]
        {
            assert_eq!(digit(typed), wanted, "{typed}");
        }
    }

    #[test]
    fn a_letter_without_a_key_is_distinguished_from_one_with_a_key() {
        for (c, expected) in
            [('h', false), ('р', false), ('?', false), ('5', false), ('ß', true), ('漢', true), ('Ա', true)]
        {
            assert_eq!(is_foreign(c), expected, "{c}");
        }
    }
}
