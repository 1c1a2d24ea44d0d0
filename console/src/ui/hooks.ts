import { useEffect, useState, useSyncExternalStore } from 'react';

// One timer for all times on the page.
let now = Date.now();
const listeners = new Set<() => void>();
let timer = 0;
function subscribe(listener: () => void) {
  listeners.add(listener);
  if (listeners.size === 1) {
    timer = window.setInterval(() => {
      now = Date.now();
      listeners.forEach((each) => each());
    }, 1000);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) window.clearInterval(timer);
  };
}
export const useNow = () => useSyncExternalStore(subscribe, () => now);

/** Whether the browser has a network at all. */
export const useOnline = () => useSyncExternalStore(
  (listener) => {
    window.addEventListener('online', listener);
    window.addEventListener('offline', listener);
    return () => {
      window.removeEventListener('online', listener);
      window.removeEventListener('offline', listener);
    };
  },
  () => navigator.onLine,
);

/** A value that follows another one after it has rested for a while. */
export function useRested<T>(value: T, milliseconds: number): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const id = window.setTimeout(() => setRested(value), milliseconds);
    return () => window.clearTimeout(id);
  }, [value, milliseconds]);
  return rested;
}
