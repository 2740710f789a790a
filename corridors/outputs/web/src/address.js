/** Read and write the address after "#": names and values, separated by slashes. */

/**
 * Return the value of a name in an address's hash, null where it has none or a broken one.
 * @param {string} hash
 * @param {string} name
 */
export function fromHash(hash, name) {
  const found = hash.match(new RegExp(`[#/]${name}=([^/]*)`));
  try {
    return found ? decodeURIComponent(found[1]) : null;
  } catch {
    return null;
  }
}

/**
 * Return the value of a name in this page's address.
 * @param {string} name
 */
export function fromUrl(name) {
  return fromHash(location.hash, name);
}

/**
 * Replace the hash of this page's address.
 * @param {string[]} entries
 */
export function replaceHash(entries) {
  replaceAddress(`#${entries.join("/")}`);
}

/**
 * Replace what follows the path of this page's address.
 * @param {string} address
 */
export function replaceAddress(address) {
  try {
    history.replaceState(null, "", address);
  } catch (error) {
    // a sandboxed frame has no address of its own to keep
    if (!(error instanceof DOMException && error.name === "SecurityError")) throw error;
  }
}
