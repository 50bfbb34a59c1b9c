//! JSON values as I-JSON allows them, judged while they are read. Refuses duplicate keys, floats and
//! numbers beyond 2^53, which two implementations may read differently, and what is nested so deep
//! that it could be read here and not where it is kept.

use std::borrow::Cow;
use std::fmt::{self, Formatter};

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// The largest number that every JSON reader keeps exact.
pub(super) const MAX_NUMBER: u64 = 1 << 53;

/// How many lists and objects may lie in each other. `serde_json` reads 127, and a value is kept
/// within others.
const DEEPEST: u8 = 64;

pub(super) struct Strict(pub(super) Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Judge(DEEPEST).deserialize(deserializer).map(Self)
    }
}

/// A whole commit: its values lie in an op, in the list of ops, in the commit.
pub(super) struct Whole(pub(super) Value);

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Judge(DEEPEST + 3).deserialize(deserializer).map(Self)
    }
}

/// For `deserialize_with`.
pub(super) fn value<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    Strict::deserialize(deserializer).map(|strict| strict.0)
}

/// For `deserialize_with` on a field that may be absent; a `null` that is there is a value.
pub(super) fn some<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    value(deserializer).map(Some)
}

/// A value that is judged in the same way and not kept.
pub(super) struct Judged;

impl<'de> Deserialize<'de> for Judged {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Check(DEEPEST).deserialize(deserializer)
    }
}

/// Judges what may be so deep.
#[derive(Clone, Copy)]
struct Check(u8);

impl<'de> DeserializeSeed<'de> for Check {
    type Value = Judged;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Judged, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Check {
    type Value = Judged;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Judge(self.0).expecting(f)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Judged, E> {
        Ok(Judged)
    }

    fn visit_unit<E>(self) -> Result<Judged, E> {
        Ok(Judged)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Judged, E> {
        Judge(self.0).visit_i64(number).map(|_| Judged)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Judged, E> {
        Judge(self.0).visit_u64(number).map(|_| Judged)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Judged, E> {
        Judge(self.0).visit_f64(number).map(|_| Judged)
    }

    fn visit_str<E>(self, _: &str) -> Result<Judged, E> {
        Ok(Judged)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Judged, A::Error> {
        let below = Self(below(self.0)?);
        while seq.next_element_seed(below)?.is_some() {}
        Ok(Judged)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Judged, A::Error> {
        let below = Self(below(self.0)?);
        let mut keys = Vec::new();
        while let Some(Key(key)) = entries.next_key()? {
            let Judged = entries.next_value_seed(below)?;
            keys.push(key);
        }
        keys.sort_unstable();
        if keys.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(A::Error::custom(TWICE));
        }
        Ok(Judged)
    }
}

/// A key, as it lies where it can be.
struct Key<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(AsItLies).map(Self)
    }
}

struct AsItLies;

impl<'de> Visitor<'de> for AsItLies {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

const TWICE: &str = "a key twice in one object";

/// Reads and judges what may be so deep.
#[derive(Clone, Copy)]
struct Judge(u8);

/// How deep what lies in a list or an object may be.
fn below<E: Error>(deep: u8) -> Result<u8, E> {
    deep.checked_sub(1)
        .ok_or_else(|| E::custom("lists and objects nested too deep"))
}

impl<'de> DeserializeSeed<'de> for Judge {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Judge {
    type Value = Value;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("an I-JSON value")
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
        Ok(Value::Bool(truth))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        if number.unsigned_abs() > MAX_NUMBER {
            return Err(E::custom("a number beyond 2^53"));
        }
        Ok(number.into())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        if number > MAX_NUMBER {
            return Err(E::custom("a number beyond 2^53"));
        }
        Ok(number.into())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Value, E> {
        Err(E::custom("a number that is not a plain integer"))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let below = Self(below(self.0)?);
        let mut list = Vec::new();
        while let Some(value) = seq.next_element_seed(below)? {
            list.push(value);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let below = Self(below(self.0)?);
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            let value = entries.next_value_seed(below)?;
            if map.insert(key, value).is_some() {
                return Err(A::Error::custom(TWICE));
            }
        }
        Ok(map.into())
    }
}
