;; Decodes base64 text (RFC 4648 4 and 5, either alphabet) in blocks of 16 characters, 12 bytes each, and stops before the first
;; block that holds anything else. The text stands from $text to $end, the bytes go to $bytes and on; gives where it stopped.
;; Sixteen bytes behind the last block are overwritten, and the url-safe characters of the text.
;;
;; How the characters are told apart, by their upper and lower four bits, is due to Wojciech Mula
;; (http://0x80.pl/notesen/2016-01-17-sse-base64-decoding.html).
(module
  (memory (export "memory") 3)
  (func (export "decode") (param $text i32) (param $end i32) (param $bytes i32) (result i32)
    (local $block v128)
    (local $upper v128)
    (local $bits v128)
    (block $stop
      (br_if $stop (i32.gt_u (i32.add (local.get $text) (i32.const 16)) (local.get $end)))

      ;; A block is decoded before it is known whether it may be: V8 keeps constants out of a loop only as far as its first branch, and
      ;; to make them again for every block takes twice as long as decoding it.
      (loop $next
        (local.set $block (v128.load (local.get $text)))
        (local.set $upper (i8x16.shr_u (local.get $block) (i32.const 4)))

        ;; From the character to its six bits: what is added depends on the upper half alone, but for "/", which shares its own with "+".
        (local.set $bits (i8x16.add (local.get $block) (i8x16.swizzle
          (v128.const i8x16 0 16 19 4 -65 -65 -71 -71 0 0 0 0 0 0 0 0)
          (i8x16.add (local.get $upper) (i8x16.eq (local.get $block) (i8x16.splat (i32.const 47)))))))

        ;; Two times six bits become twelve, two times twelve become 24, whose three bytes are put into their order.
        (local.set $bits (v128.or
          (i16x8.shl (v128.and (local.get $bits) (i16x8.splat (i32.const 0x3f))) (i32.const 6))
          (i16x8.shr_u (local.get $bits) (i32.const 8))))
        (local.set $bits (i32x4.dot_i16x8_s (local.get $bits) (v128.const i16x8 4096 1 4096 1 4096 1 4096 1)))
        (v128.store (local.get $bytes) (i8x16.swizzle (local.get $bits) (v128.const i8x16 2 1 0 6 5 4 10 9 8 14 13 12 -1 -1 -1 -1)))

        ;; A character belongs to the alphabet where the masks of its two halves have no bit in common.
        (if (v128.any_true (v128.and
          (i8x16.swizzle
            (v128.const i8x16 0x15 0x11 0x11 0x11 0x11 0x11 0x11 0x11 0x11 0x11 0x13 0x1a 0x1b 0x1b 0x1b 0x1a)
            (v128.and (local.get $block) (i8x16.splat (i32.const 15))))
          (i8x16.swizzle
            (v128.const i8x16 0x10 0x10 0x01 0x02 0x04 0x08 0x04 0x08 0x10 0x10 0x10 0x10 0x10 0x10 0x10 0x10)
            (local.get $upper))))
          ;; If not, it may be of the url-safe one: "-" (45) is "+" (43), "_" (95) is "/" (47). Then it is replaced in the text, and read again.
          (then
            (local.set $bits (v128.bitselect (i8x16.splat (i32.const 43)) (local.get $block)
              (i8x16.eq (local.get $block) (i8x16.splat (i32.const 45)))))
            (local.set $bits (v128.bitselect (i8x16.splat (i32.const 47)) (local.get $bits)
              (i8x16.eq (local.get $bits) (i8x16.splat (i32.const 95)))))
            (br_if $stop (i32.eqz (v128.any_true (v128.xor (local.get $bits) (local.get $block)))))
            (v128.store (local.get $text) (local.get $bits))
            (br $next)))

        (local.set $text (i32.add (local.get $text) (i32.const 16)))
        (local.set $bytes (i32.add (local.get $bytes) (i32.const 12)))
        (br_if $next (i32.le_u (i32.add (local.get $text) (i32.const 16)) (local.get $end)))))
    (local.get $text)))
