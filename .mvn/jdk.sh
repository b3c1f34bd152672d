# Sourced by ./accrete and ./mvnw: find_jdk sets JAVA_HOME to a JDK that can build and run Accrete.
# POSIX sh; source it before any `set -f`.

jdk_wanted=25

# Every place where a JDK may be, one a line; the user's own choice first.
jdk_candidates() {
  printf '%s\n' "${ACCRETE_JAVA_HOME:-}" "${JAVA_HOME:-}"
  if jdk_javac=$(command -v javac); then
    dirname "$(dirname "$(readlink -f "$jdk_javac")")"
  fi
  for jdk_file in "${HOME:-}/.m2/toolchains.xml" /etc/maven/toolchains.xml; do
    [ ! -r "$jdk_file" ] || sed -n 's:.*<jdkHome>\(.*\)</jdkHome>.*:\1:p' "$jdk_file"
  done
  printf '%s\n' /usr/lib/jvm/* "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/*
  [ ! -x /usr/libexec/java_home ] || /usr/libexec/java_home -v "$jdk_wanted+" 2>/dev/null || :
}

# The release file says the version at once; starting each JVM to ask would take a second or two.
jdk_major() {
  [ -x "$1/bin/javac" ] && sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null
}

find_jdk() {
  jdk_found=$(jdk_candidates | while IFS= read -r jdk_home; do
    jdk_version=$(jdk_major "$jdk_home") || continue
    if [ "${jdk_version:-0}" -ge "$jdk_wanted" ]; then
      printf '%s\n' "$jdk_home"
      break
    fi
  done)
  [ -n "$jdk_found" ] || return 1
  JAVA_HOME=$jdk_found
  export JAVA_HOME
}
