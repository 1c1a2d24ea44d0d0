using System.Runtime.CompilerServices;
using MediaAspire.Core.Ids;
using StackExchange.Redis;

namespace MediaAspire.Core.Media.Redis;

/// <summary>Lists the items of which Redis has keys, of any generation.</summary>
internal static class GenerationScan
{
    /// <summary>Lists items in no order; one may come twice, and those that are written meanwhile may be missing.</summary>
    /// <exception cref="MetadataRunException">Redis did not answer.</exception>
    public static async IAsyncEnumerable<IReadOnlyList<MediaId>> ListAsync(
        IConnectionMultiplexer connection, string nonce, int pageSize, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var prefix = GenerationScript.ItemPrefixOf(nonce);
        var page = new List<MediaId>();
        foreach (var server in connection.GetServers().Where(server => server is { IsConnected: true, IsReplica: false }))
        {
            await using var keys = server.KeysAsync(pattern: prefix + "*", pageSize: 1000).GetAsyncEnumerator(cancellationToken);
            while (await MoveAsync(keys))
            {
                if (Guid.TryParseExact(((string)keys.Current!)[prefix.Length..], "N", out var id))
                {
                    page.Add(new(id));
                }

                if (page.Count == pageSize)
                {
                    yield return page;
                    page = [];
                }
            }
        }

        if (page.Count > 0)
        {
            yield return page;
        }
    }

    private static async ValueTask<bool> MoveAsync(IAsyncEnumerator<RedisKey> keys)
    {
        try
        {
            return await keys.MoveNextAsync();
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            throw new MetadataRunException($"Redis did not list its keys: {failure.Message}", failure);
        }
    }
}
