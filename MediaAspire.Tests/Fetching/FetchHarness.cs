using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using MediaAspire.Core.Fetching;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Fetching;

/// <summary>A fetcher with names of its own.</summary>
internal sealed class FetchHarness : IDisposable
{
    private readonly FakeResolver _resolver = new();
    private readonly RemoteFetcher _fetcher;

    public FetchHarness(FetchingOptions? options = null, X509ChainPolicy? trust = null)
    {
        var wrapped = Options.Create(options ?? new FetchingOptions());
        Urls = new UrlRules(wrapped);
        _fetcher = new RemoteFetcher(
            Urls, new AddressRules(wrapped), _resolver, wrapped, TimeProvider.System, NullLogger<RemoteFetcher>.Instance, trust);
    }

    public UrlRules Urls { get; }

    public IReadOnlyList<string> Resolved => [.. _resolver.Asked];

    /// <summary>Makes settings that allow one address of this machine, at any of these ports.</summary>
    public static FetchingOptions Allowing(string network, params int[] ports) => new()
    {
        AllowedNetworks = network,
        AllowedPorts = string.Join(',', ports),
    };

    /// <summary>Gives a name its addresses; each further list is the answer to the next question.</summary>
    public FetchHarness Name(string host, params string[] addresses)
    {
        _resolver.Answers.GetOrAdd(host, _ => new()).Enqueue([.. addresses.Select(IPAddress.Parse)]);
        return this;
    }

    public async Task<(FetchResult Result, byte[] Bytes)> FetchAsync(
        string url, long maxBytes = 1 << 20, string? etag = null, string? lastModified = null)
    {
        if (Urls.Read(url, out var parsed) is { } refusal)
        {
            return (new FetchResult(refusal), []);
        }

        using var bytes = new MemoryStream();
        var result = await _fetcher.FetchAsync(
            new FetchRequest(parsed, maxBytes) { KnownETag = etag, KnownLastModified = lastModified }, bytes, CancellationToken.None);
        return (result, bytes.ToArray());
    }

    public void Dispose() => _fetcher.Dispose();

    private sealed class FakeResolver : IHostResolver
    {
        public ConcurrentDictionary<string, ConcurrentQueue<IPAddress[]>> Answers { get; } = new();

        public ConcurrentQueue<string> Asked { get; } = new();

        public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
        {
            Asked.Enqueue(host);
            if (!Answers.TryGetValue(host, out var answers) || !answers.TryPeek(out var answer))
            {
                return Task.FromResult(Array.Empty<IPAddress>());
            }

            if (answers.Count > 1)
            {
                answers.TryDequeue(out answer);
            }

            return Task.FromResult(answer!);
        }
    }
}
