//! Words that two people read to each other: six of a slow hash, to know a key (SYNC.md 3.7), and
//! four of a quick one, to see that two desks are equal. Refuses to hold both keys in one phrase:
//! whoever stands between could then grind both ends.

use argon2::{Algorithm, Argon2, Block, Params, Version};
use bip39::Language;
use thiserror::Error;

use crate::ledger::{Hash, Key, Workspace};

/// More than the least that OWASP asks for passwords with three passes (12 MiB), and small enough
/// for a test without optimisation and for any laptop: some tens of milliseconds, once a pairing.
/// Whoever wants another key with the same six words has 2^66 of these before them. Part of the
/// format: both sides must compute the same.
const MEMORY_KIB: u32 = 16 << 10;
const PASSES: u32 = 3;
const LANES: u32 = 1;

const WORDS: usize = 6;
const CODE_WORDS: usize = 4;
const BITS: usize = 11;
/// So many letters tell every word of the list.
const ENOUGH: usize = 4;

/// Six words of the English list of BIP 39.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phrase([&'static str; WORDS]);

/// What was typed is no phrase.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PhraseError {
    /// No word of the list; the place counts from 1.
    #[error("word {0}, \"{1}\", is not in the list: read it again, four letters are enough")]
    Unknown(usize, String),
    #[error("a phrase has six words, and these are {0}")]
    Count(usize),
}

impl Phrase {
    pub const fn words(&self) -> &[&'static str; WORDS] {
        &self.0
    }

    /// Returns whether this is what was typed. Case, spacing, dashes and everything beyond a
    /// word's first four letters do not matter.
    pub fn matches(&self, typed: &str) -> Result<bool, PhraseError> {
        let typed = typed.split(|it: char| !it.is_alphabetic());
        let typed: Vec<&str> = typed.filter(|it| !it.is_empty()).collect();
        let mut equal = typed.len() == WORDS;
        for (place, word) in typed.iter().enumerate() {
            let known = find(word);
            let known = known.ok_or_else(|| PhraseError::Unknown(place + 1, (*word).to_owned()))?;
            equal &= self.0.get(place) == Some(&known);
        }
        if typed.len() == WORDS {
            Ok(equal)
        } else {
            Err(PhraseError::Count(typed.len()))
        }
    }
}

impl std::fmt::Display for Phrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

/// What the founder reads to the joiner.
pub fn founder_phrase(genesis: &str, key: &Key) -> Phrase {
    slow(b"relmate founder phrase 1", &[genesis.as_bytes(), &key.0])
}

/// What the joiner reads to the founder.
pub fn joiner_phrase(workspace: &Workspace, key: &Key) -> Phrase {
    slow(b"relmate joiner phrase 1", &[&workspace.0.0, &key.0])
}

/// Four words of a digest: equal desks, equal words. It shows an accident and stops no attacker.
pub fn short_code(digest: &Hash) -> String {
    let hash = Hash::of(&[b"relmate code 1", &digest.0]);
    words::<CODE_WORDS>(&hash.0).join(" ")
}

fn slow(domain: &[u8], parts: &[&[u8]]) -> Phrase {
    let mut input = Vec::new();
    for part in parts {
        input.extend((part.len() as u64).to_le_bytes());
        input.extend(*part);
    }
    let mut hash = [0; 32];
    let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(hash.len())).unwrap_or_default();
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    // Room for twice as much, of which the second half is never touched: an allocator takes what it
    // was given back as the measure of what to keep, and would hold a join's memory for longer. Of
    // more than 32 MiB glibc does not.
    let count = argon.params().block_count();
    let mut blocks = Vec::with_capacity(2 * count + 1);
    blocks.resize(count, Block::new());
    // It fails for sizes only, and these are fixed; a test holds the words.
    let made = argon.hash_password_into_with_memory(&input, domain, &mut hash, &mut blocks[..]);
    debug_assert!(made.is_ok());
    Phrase(words(&hash))
}

/// The first bits of a hash, eleven a word.
fn words<const N: usize>(hash: &[u8; 32]) -> [&'static str; N] {
    let list = Language::English.word_list();
    let bit = |at: usize| usize::from(hash[at / 8] >> (7 - at % 8) & 1);
    std::array::from_fn(|word| {
        let bits = word * BITS..(word + 1) * BITS;
        list[bits.fold(0, |number, at| number << 1 | bit(at))]
    })
}

/// The word of the list that was meant.
fn find(typed: &str) -> Option<&'static str> {
    let typed = typed.to_lowercase();
    let mut list = Language::English.word_list().iter();
    let meant =
        |word: &&&'static str| **word == typed || typed.len() >= ENOUGH && word.starts_with(&typed);
    list.find(meant).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrase() -> Phrase {
        founder_phrase("{}", &Key([1; 32]))
    }

    #[test]
    fn the_words_are_part_of_the_format() {
        assert_eq!(
            phrase().to_string(),
            "future inflict annual kit model escape"
        );
        let joiner = joiner_phrase(&Workspace::of_genesis(b"{}"), &Key([1; 32]));
        assert_eq!(joiner.to_string(), "present lake response term hold gaze");
        assert_eq!(short_code(&Hash([0; 32])), "vague parrot rug coconut");
    }

    #[test]
    fn another_key_and_another_genesis_are_other_words() {
        assert_ne!(founder_phrase("{}", &Key([2; 32])), phrase());
        assert_ne!(founder_phrase("{ }", &Key([1; 32])), phrase());
    }

    #[test]
    fn every_word_is_told_by_four_letters() {
        for word in Language::English.word_list() {
            let four: String = word.chars().take(ENOUGH).collect();
            assert_eq!(find(&four), Some(*word));
            assert_eq!(find(&word.to_uppercase()), Some(*word));
        }
    }

    #[test]
    fn a_phrase_is_known_however_it_is_typed() {
        let phrase = phrase();
        let all = phrase.to_string();
        let four: Vec<String> = phrase
            .words()
            .iter()
            .map(|it| it.chars().take(4).collect())
            .collect();
        for typed in [
            all.clone(),
            all.to_uppercase(),
            all.replace(' ', "-"),
            format!("  {}\n", all.replace(' ', " \t ")),
            four.join(" "),
            format!("1. {}", all.replace(' ', ", ")),
        ] {
            assert_eq!(phrase.matches(&typed), Ok(true), "{typed}");
        }
        let mut swapped = *phrase.words();
        swapped.swap(0, 5);
        assert_eq!(phrase.matches(&swapped.join(" ")), Ok(false));
    }

    #[test]
    fn a_word_that_is_not_in_the_list_is_named() {
        let mut words = phrase().words().map(str::to_owned);
        words[2] = "relmatee".to_owned();
        let told = phrase().matches(&words.join(" ")).unwrap_err();
        assert_eq!(told, PhraseError::Unknown(3, "relmatee".to_owned()));
        assert!(told.to_string().contains("word 3, \"relmatee\""), "{told}");
        assert_eq!(
            phrase().matches(&words[..2].join(" ")),
            Err(PhraseError::Count(2))
        );
        assert_eq!(phrase().matches(""), Err(PhraseError::Count(0)));
        assert!(phrase().matches("aba zoo zoo zoo zoo zoo").is_err());
    }
}
