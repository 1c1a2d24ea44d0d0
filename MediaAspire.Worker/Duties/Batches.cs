namespace MediaAspire.Worker.Duties;

/// <summary>Repeats work that a transaction does in batches.</summary>
internal static class Batches
{
    /// <summary>Runs batches until one is not full.</summary>
    /// <param name="size">The most items of a batch.</param>
    /// <param name="run">Works on a batch of at most that many items, and returns their number.</param>
    /// <param name="cancellationToken">Ends the work after a batch.</param>
    /// <returns>The number of all items.</returns>
    public static async Task<long> RunAllAsync(
        int size, Func<int, CancellationToken, Task<long>> run, CancellationToken cancellationToken)
    {
        var sum = 0L;
        long done;
        do
        {
            done = await run(size, cancellationToken);
            sum += done;
        }
        while (done == size);

        return sum;
    }
}
