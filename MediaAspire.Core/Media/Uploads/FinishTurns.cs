using System.Runtime.InteropServices;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Media.Uploads;

/// <summary>Lets one request at a time finish an item in this process. Thread-safe.</summary>
/// <remarks>
/// A client finalizes its item at the moment when the store reports the object. Both would ask the store and write the item; this way the
/// second one finds what the first has done. Nothing depends on it: two processes do the same work side by side.
/// </remarks>
internal sealed class FinishTurns
{
    private readonly Dictionary<MediaId, Turn> _turns = [];

    /// <summary>Waits for the turn, which ends when the result is disposed.</summary>
    public async Task<IDisposable> EnterAsync(MediaId id, CancellationToken cancellationToken)
    {
        Turn turn;
        lock (_turns)
        {
            ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_turns, id, out _);
            turn = known ??= new(this, id);
            turn.Users++;
        }

        try
        {
            await turn.Gate.WaitAsync(cancellationToken);
            return turn;
        }
        catch (OperationCanceledException)
        {
            Leave(turn);
            throw;
        }
    }

    private void Leave(Turn turn)
    {
        lock (_turns)
        {
            if (--turn.Users == 0)
            {
                _turns.Remove(turn.Id);
                turn.Gate.Dispose();
            }
        }
    }

    private sealed class Turn(FinishTurns turns, MediaId id) : IDisposable
    {
        public MediaId Id => id;

        public SemaphoreSlim Gate { get; } = new(1);

        /// <summary>Gets or sets the number of those that have the turn or wait for it.</summary>
        public int Users { get; set; }

        public void Dispose()
        {
            Gate.Release();
            turns.Leave(this);
        }
    }
}
