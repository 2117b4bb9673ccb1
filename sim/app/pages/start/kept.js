/* A list that its owner asked to keep: in this browser alone, never on the server. */

const NAME = "zones-lists", STORE = "list", ONE = "one";

function opened() {
  return new Promise((resolve, reject) => {
    const asked = window.indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function within(mode, act) {
  try {
    const base = await opened();
    return await new Promise((resolve) => {
      const asked = act(base.transaction(STORE, mode).objectStore(STORE));
      asked.onsuccess = () => resolve(asked.result ?? null);
      asked.onerror = () => resolve(null);
    });
  } catch (error) { return null; }
}

export const keep = (list) => within("readwrite", (store) => store.put(list, ONE));
export const kept = () => within("readonly", (store) => store.get(ONE));
export const forget = () => within("readwrite", (store) => store.delete(ONE));
