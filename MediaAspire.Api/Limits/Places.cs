using System.Collections.Concurrent;

namespace MediaAspire.Api.Limits;

/// <summary>The places for requests of one kind that a process serves at once, and the part of them that one sender may hold.</summary>
/// <remarks>
/// Thread-safe. Nobody waits for a place: a full process tells its clients when to come back. The partitioned limiters of
/// <c>System.Threading.RateLimiting</c> would do the same with a global lock, four allocations for a request and a timer.
/// </remarks>
internal sealed class Places(int total, int mostOfOneSender)
{
    private readonly ConcurrentDictionary<string, Holder> _holders = new(StringComparer.Ordinal);
    private int _taken;

    /// <summary>Gets the number of places that are taken.</summary>
    public int Taken => Volatile.Read(ref _taken);

    /// <summary>Takes a place.</summary>
    /// <param name="sender">The sender: a key or an address.</param>
    /// <param name="limit">The sender's own limit; <see langword="null"/> for the part that any sender may hold.</param>
    /// <returns>The place, to be released once; <see langword="null"/> when all places, or those of the sender, are taken.</returns>
    public Holder? TryTake(string sender, int? limit)
    {
        if (Interlocked.Increment(ref _taken) > total)
        {
            Interlocked.Decrement(ref _taken);
            return null;
        }

        while (true)
        {
            var holder = _holders.GetOrAdd(sender, static (name, places) => new Holder(places, name), this);
            switch (holder.TryAdd(limit ?? mostOfOneSender))
            {
                case true:
                    return holder;
                case false:
                    Interlocked.Decrement(ref _taken);
                    return null;
            }
        }
    }

    /// <summary>The places that one sender holds.</summary>
    internal sealed class Holder(Places places, string sender)
    {
        private readonly Lock _lock = new();
        private int _count;
        private bool _isRemoved;

        /// <returns><see langword="null"/> when the sender has released its last place meanwhile, and has another holder.</returns>
        public bool? TryAdd(int limit)
        {
            lock (_lock)
            {
                if (_isRemoved)
                {
                    return null;
                }

                if (_count >= limit)
                {
                    // The first request made the holder.
                    RemoveIfEmpty();
                    return false;
                }

                _count++;
                return true;
            }
        }

        public void Release()
        {
            lock (_lock)
            {
                _count--;
                RemoveIfEmpty();
            }

            Interlocked.Decrement(ref places._taken);
        }

        private void RemoveIfEmpty()
        {
            if (_count == 0)
            {
                _isRemoved = true;
                places._holders.TryRemove(new(sender, this));
            }
        }
    }
}
