using System.Runtime.CompilerServices;

namespace Aspire.Hosting.Dashboard.ResourceService;

internal static class AvailableBatches
{
    /// <summary>
    /// Groups a sequence by what is there without waiting. The first group comes at once, and is empty when nothing is there yet; none
    /// of the others is empty.
    /// </summary>
    public static async IAsyncEnumerable<IReadOnlyList<T>> InAvailableBatches<T>(
        this IAsyncEnumerable<T> source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var items = source.GetAsyncEnumerator(cancellationToken);
        List<T> batch = [];
        var isFirst = true;

        while (true)
        {
            var next = items.MoveNextAsync();
            if (!next.IsCompleted && (isFirst || batch.Count > 0))
            {
                yield return batch;
                batch = [];
                isFirst = false;
            }

            if (!await next)
            {
                break;
            }

            batch.Add(items.Current);
        }

        if (isFirst || batch.Count > 0)
        {
            yield return batch;
        }
    }
}
