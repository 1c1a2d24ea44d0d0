namespace MediaAspire.Tests.Harness;

/// <summary>The starts of graphs in a run: one at a time.</summary>
/// <remarks>A start takes both processors. Several side by side are no faster, and each may last longer than its test allows.</remarks>
internal static class GraphStarts
{
    private static readonly SemaphoreSlim s_one = new(1);

    /// <summary>Waits until no other graph is starting.</summary>
    /// <returns>The turn, which the disposal gives back.</returns>
    public static async Task<IDisposable> TakeTurnAsync()
    {
        await s_one.WaitAsync();
        return new Turn();
    }

    private sealed class Turn : IDisposable
    {
        private int _isOver;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0)
            {
                s_one.Release();
            }
        }
    }
}
