package dev.accrete.cl.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a file system tells of a file without reading it. Where it has them, the number of the file
 * and the time of its last change of any kind (ctime) belong to it: programs can set the time of
 * modification back, but not that one. Elsewhere (Windows) both are 0.
 *
 * @param modified nanoseconds since 1970, as {@code changed}
 */
record FileStamp(long size, long modified, long changed, long number) {
  private static final String ATTRIBUTES = "unix:size,lastModifiedTime,ctime,ino";

  static FileStamp of(Path file) throws IOException {
    try {
      Map<String, Object> all = Files.readAttributes(file, ATTRIBUTES);
      if (all.get("size") instanceof Long size
          && all.get("lastModifiedTime") instanceof FileTime modified
          && all.get("ctime") instanceof FileTime changed
          && all.get("ino") instanceof Long number) {
        return new FileStamp(size, nanoseconds(modified), nanoseconds(changed), number);
      }
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      // Another file system: the basic attributes below are all that it has.
    }
    BasicFileAttributes basic = Files.readAttributes(file, BasicFileAttributes.class);
    return new FileStamp(basic.size(), nanoseconds(basic.lastModifiedTime()), 0, 0);
  }

  /** The later of its times. */
  long latest() {
    return Math.max(modified, changed);
  }

  private static long nanoseconds(FileTime time) {
    return time.to(TimeUnit.NANOSECONDS);
  }
}
