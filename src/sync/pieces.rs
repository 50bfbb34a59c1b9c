//! What a file holds, unpacked, in pieces: whoever reads it has it once and not twice. Refuses
//! nothing: how much there may be is said where it is unpacked.

use std::collections::VecDeque;
use std::io::{self, BufRead, Read};

/// How large a piece is.
const PIECE: usize = 256 << 10;

/// Bytes that go as they are read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pieces {
    pieces: VecDeque<Vec<u8>>,
    /// How much of the first one is read.
    at: usize,
}

impl Pieces {
    /// Takes everything, and says how much that is.
    pub(super) fn of(mut from: impl Read) -> io::Result<(Self, usize)> {
        let (mut taken, mut len) = (Self::default(), 0);
        loop {
            let mut piece = Vec::new();
            let more = from.by_ref().take(PIECE as u64).read_to_end(&mut piece)?;
            if more == 0 {
                return Ok((taken, len));
            }
            len += more;
            piece.shrink_to_fit();
            taken.pieces.push_back(piece);
        }
    }

    /// What is left, in one.
    pub fn whole(mut self) -> Vec<u8> {
        let mut whole = Vec::new();
        // Memory does not fail to be read.
        drop(self.read_to_end(&mut whole));
        whole
    }
}

impl Read for Pieces {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut there = self.fill_buf()?;
        let read = there.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

impl BufRead for Pieces {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let first = self.pieces.front().map_or(&[][..], Vec::as_slice);
        Ok(first.get(self.at..).unwrap_or_default())
    }

    fn consume(&mut self, read: usize) {
        self.at += read;
        if self
            .pieces
            .front()
            .is_some_and(|first| self.at >= first.len())
        {
            self.pieces.pop_front();
            self.at = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_in_pieces_is_what_was_put_in_whatever_lies_across_two_of_them() {
        for len in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 7] {
            let bytes: Vec<u8> = (0..=250).cycle().take(len).collect();
            let (pieces, told) = Pieces::of(bytes.as_slice()).unwrap();
            assert_eq!(told, len);
            let lines: Vec<_> = BufRead::split(pieces.clone(), b'\n')
                .map(Result::unwrap)
                .collect();
            let wanted: Vec<_> = BufRead::split(bytes.as_slice(), b'\n')
                .map(Result::unwrap)
                .collect();
            assert!(lines == wanted, "{len}");
            assert!(pieces.whole() == bytes, "{len}");
        }
    }
}
