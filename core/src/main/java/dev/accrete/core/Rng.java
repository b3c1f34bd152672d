package dev.accrete.core;

/**
 * A counter-based random generator (Philox 4x32-10, Salmon et al., "Parallel Random Numbers: As
 * Easy as 1, 2, 3", SC 2011).
 *
 * <p>The sequence is a pure function of {@code (seed, stream)} and of the position in it, so that a
 * generator can be saved as three numbers, resumed anywhere, and split into independent streams
 * that do not depend on the order in which they are drawn. Not thread-safe; streams are cheap, give
 * each user its own.
 */
public final class Rng {
  private static final int M0 = 0xD2511F53;
  private static final int M1 = 0xCD9E8D57;
  private static final int W0 = 0x9E3779B9;
  private static final int W1 = 0xBB67AE85;
  private static final int ROUNDS = 10;
  private static final int WORDS_PER_BLOCK = 4;

  private final long seed;
  private final long stream;
  private long position;
  private long bufferedBlock = -1;
  private final int[] buffer = new int[WORDS_PER_BLOCK];

  private Rng(long seed, long stream, long position) {
    this.seed = seed;
    this.stream = stream;
    this.position = position;
  }

  /** The generator of {@code stream} under {@code seed}, at its beginning. */
  public static Rng of(long seed, long stream) {
    return new Rng(seed, stream, 0);
  }

  /**
   * The generator of {@code stream} under {@code seed} at {@code position}, as {@link #position()}
   * returned it.
   *
   * @throws IllegalArgumentException if {@code position} is negative
   */
  public static Rng at(long seed, long stream, long position) {
    if (position < 0) {
      throw new IllegalArgumentException("position is " + position + ", must not be negative");
    }
    return new Rng(seed, stream, position);
  }

  /** The seed this generator was made with. */
  public long seed() {
    return seed;
  }

  /** The stream this generator draws from. */
  public long stream() {
    return stream;
  }

  /** How many 32-bit words were drawn so far; with seed and stream this is the whole state. */
  public long position() {
    return position;
  }

  /** A uniform 32-bit word. */
  public int nextInt() {
    long block = position / WORDS_PER_BLOCK;
    if (block != bufferedBlock) {
      philox(seed, stream, block, buffer);
      bufferedBlock = block;
    }
    return buffer[(int) (position++ % WORDS_PER_BLOCK)];
  }

  /**
   * A uniform integer in {@code [0, bound)}, without modulo bias (Lemire 2019).
   *
   * @throws IllegalArgumentException if {@code bound} is not positive
   */
  public int nextInt(int bound) {
    if (bound <= 0) {
      throw new IllegalArgumentException("bound is " + bound + ", must be positive");
    }
    long product = Integer.toUnsignedLong(nextInt()) * bound;
    long low = product & 0xFFFFFFFFL;
    if (low < bound) {
      long threshold = (1L << 32) % bound;
      while (low < threshold) {
        product = Integer.toUnsignedLong(nextInt()) * bound;
        low = product & 0xFFFFFFFFL;
      }
    }
    return (int) (product >>> 32);
  }

  /** A uniform float in {@code [0, 1)} with 24 random bits. */
  public float nextFloat() {
    return (nextInt() >>> 8) * 0x1p-24f;
  }

  /** A uniform double in {@code [0, 1)} with 53 random bits. */
  public double nextDouble() {
    long high = Integer.toUnsignedLong(nextInt()) >>> 5;
    long low = Integer.toUnsignedLong(nextInt()) >>> 6;
    return (high * 67108864.0 + low) * 0x1p-53;
  }

  /** A normal variate of mean 0 and standard deviation 1 (Box and Muller 1958; one of the pair). */
  public double nextGaussian() {
    double radius = StrictMath.sqrt(-2.0 * StrictMath.log(1.0 - nextDouble()));
    return radius * StrictMath.cos(2.0 * StrictMath.PI * nextDouble());
  }

  /** Puts {@code values} in a uniformly random order (Fisher and Yates). */
  public void shuffle(int[] values) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = nextInt(i + 1);
      int swapped = values[i];
      values[i] = values[j];
      values[j] = swapped;
    }
  }

  /** The integers {@code 0 .. n-1} in a uniformly random order. */
  public int[] permutation(int n) {
    int[] values = new int[n];
    for (int i = 0; i < n; i++) {
      values[i] = i;
    }
    shuffle(values);
    return values;
  }

  /**
   * Word {@code index} of a stream without a generator: what {@code at(seed, stream,
   * index).nextInt()} returns. For kernels that draw by position.
   */
  public static int wordAt(long seed, long stream, long index) {
    int[] block = new int[WORDS_PER_BLOCK];
    philox(seed, stream, index / WORDS_PER_BLOCK, block);
    return block[(int) (index % WORDS_PER_BLOCK)];
  }

  /**
   * The four words of block {@code block} of a stream, written into {@code out[0..3]}: Philox
   * 4x32-10 with counter {@code (block, stream)} and key {@code seed}, low words first.
   */
  public static void philox(long seed, long stream, long block, int[] out) {
    int c0 = (int) block;
    int c1 = (int) (block >>> 32);
    int c2 = (int) stream;
    int c3 = (int) (stream >>> 32);
    int k0 = (int) seed;
    int k1 = (int) (seed >>> 32);
    for (int round = 0; round < ROUNDS; round++) {
      long p0 = Integer.toUnsignedLong(M0) * Integer.toUnsignedLong(c0);
      long p1 = Integer.toUnsignedLong(M1) * Integer.toUnsignedLong(c2);
      int next0 = (int) (p1 >>> 32) ^ c1 ^ k0;
      int next2 = (int) (p0 >>> 32) ^ c3 ^ k1;
      c1 = (int) p1;
      c3 = (int) p0;
      c0 = next0;
      c2 = next2;
      k0 += W0;
      k1 += W1;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
  }
}
