//! Z85: 4 bytes as 5 characters. Here for the 32 bytes of a key only.
//!
//! Follows [Z85](https://rfc.zeromq.org/spec/32/).

const ALPHABET: &[u8; 85] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

/// What is wrong with a key; never what it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Length,
    Character,
    TooLarge,
    Zero,
}

impl Fault {
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Fault::Length => "a CURVE key has 40 characters of Z85, or 32 bytes",
            Fault::Character => "a CURVE key has 40 characters of Z85: one of these is not in its alphabet",
            Fault::TooLarge => {
                "a CURVE key has 40 characters of Z85: five of these stand for more than four bytes can hold"
            }
            Fault::Zero => "a CURVE key of zeros only is none: nobody has put a key there",
        }
    }
}

/// The value of each character; 85 where there is none.
const VALUES: [u8; 256] = {
    let mut values = [85; 256];
    let mut value = 0;
    while value < ALPHABET.len() {
        values[ALPHABET[value] as usize] = value as u8;
        value += 1;
    }
    values
};

/// The key that these characters stand for.
pub(crate) const fn key(text: &[u8]) -> Result<[u8; 32], Fault> {
    if text.len() != 40 {
        return Err(Fault::Length);
    }
    let mut bytes = [0; 32];
    let mut group = 0;
    while group < 8 {
        let mut number = 0_u64;
        let mut at = 0;
        while at < 5 {
            let value = VALUES[text[group * 5 + at] as usize];
            if value == 85 {
                return Err(Fault::Character);
            }
            number = number * 85 + value as u64;
            at += 1;
        }
        if number > u32::MAX as u64 {
            return Err(Fault::TooLarge);
        }
        let four = (number as u32).to_be_bytes();
        let mut at = 0;
        while at < 4 {
            bytes[group * 4 + at] = four[at];
            at += 1;
        }
        group += 1;
    }
    checked(bytes)
}

/// Refuses what a forgotten key looks like.
pub(crate) const fn checked(bytes: [u8; 32]) -> Result<[u8; 32], Fault> {
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != 0 {
            return Ok(bytes);
        }
        at += 1;
    }
    Err(Fault::Zero)
}

pub(crate) fn encode(bytes: &[u8; 32]) -> [u8; 40] {
    let mut text = [0; 40];
    for (four, five) in bytes.as_chunks::<4>().0.iter().zip(text.as_chunks_mut::<5>().0) {
        let mut number = u32::from_be_bytes(*four);
        for character in five.iter_mut().rev() {
            *character = ALPHABET[(number % 85) as usize];
            number /= 85;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_back_and_nonsense_does_not() {
        for seed in 1..=255_u8 {
            let bytes: [u8; 32] = std::array::from_fn(|at| seed.wrapping_mul(at as u8 ^ seed).rotate_left(at as u32));
            let text = encode(&bytes);
            assert_eq!(key(&text), checked(bytes));
            // The crate `zmq` has libzmq's coder.
            assert_eq!(zmq::z85_encode(&bytes).unwrap().as_bytes(), text);
        }
        assert_eq!(key(&encode(&[255; 32])), Ok([255; 32]));
        let text = *b"rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7";
        assert!(key(&text).is_ok());
        assert_eq!(key(&text[1..]), Err(Fault::Length));
        assert_eq!(key(&[&text[..], b"0"].concat()), Err(Fault::Length));
        assert_eq!(key(b""), Err(Fault::Length));
        for character in (0..=255_u8).filter(|character| !ALPHABET.contains(character)) {
            for at in 0..40 {
                let mut text = text;
                text[at] = character;
                assert_eq!(key(&text), Err(Fault::Character));
            }
        }
        // 85^5 is more than 2^32: libzmq's decoder wraps round.
        for group in 0..8 {
            for five in [b"#####", b"%nSc1"] {
                let mut text = text;
                text[group * 5..][..5].copy_from_slice(five);
                assert_eq!(key(&text), Err(Fault::TooLarge));
            }
            let mut text = text;
            text[group * 5..][..5].copy_from_slice(b"%nSc0");
            assert_eq!(key(&text).unwrap()[group * 4..][..4], [255; 4]);
        }
        assert_eq!(key(&[b'0'; 40]), Err(Fault::Zero));
    }
}
