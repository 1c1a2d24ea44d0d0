using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aspire.Hosting.Dcp;

/// <summary>Calls dcp's REST API. Thread-safe.</summary>
internal sealed class DcpClient : IDisposable
{
    private const string Root = $"/apis/{DcpKinds.GroupVersion}";

    private const string TouchedAnnotation = "aspire-hosting-touched";

    private readonly HttpClient _http;

    public DcpClient(Kubeconfig kubeconfig)
    {
        var handler = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new()
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    CustomTrustStore = { kubeconfig.Authority },
                    RevocationMode = X509RevocationMode.NoCheck,
                },
            },
            UseProxy = false,
        };
        _http = new(handler)
        {
            BaseAddress = kubeconfig.Server,
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultRequestHeaders = { Authorization = new("Bearer", kubeconfig.Token) },
        };
    }

    public async Task CreateAsync<TSpec, TStatus>(
        DcpKind<TSpec, TStatus> kind,
        DcpObject<TSpec, TStatus> value,
        CancellationToken cancellationToken)
    {
        value.ApiVersion = DcpKinds.GroupVersion;
        value.Kind = kind.Name;

        using var content = new StringContent(JsonSerializer.Serialize(value, kind.Json), Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync($"{Root}/{kind.Plural}", content, cancellationToken);
        await ThrowOnFailureAsync(response, cancellationToken);
    }

    public async Task<IReadOnlyList<DcpObject<TSpec, TStatus>>> ListAsync<TSpec, TStatus>(
        DcpKind<TSpec, TStatus> kind,
        CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync($"{Root}/{kind.Plural}", cancellationToken);
        await ThrowOnFailureAsync(response, cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var list = await JsonSerializer.DeserializeAsync(body, kind.ListJson, cancellationToken);
        return list?.Items ?? [];
    }

    /// <summary>Watches all objects of a kind, with those that exist first; ends when dcp closes the stream.</summary>
    public async IAsyncEnumerable<DcpWatchEvent<DcpObject<TSpec, TStatus>>> WatchAsync<TSpec, TStatus>(
        DcpKind<TSpec, TStatus> kind,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(
            $"{Root}/{kind.Plural}?watch=true", HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await ThrowOnFailureAsync(response, cancellationToken);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));

        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (JsonSerializer.Deserialize(line, kind.WatchJson) is { } change)
            {
                yield return change;
            }
        }
    }

    /// <summary>Asks an executable or container to stop; false where it does not exist.</summary>
    public async Task<bool> RequestStopAsync<TSpec, TStatus>(DcpKind<TSpec, TStatus> kind, string name, CancellationToken cancellationToken) =>
        await PatchAsync($"{Root}/{kind.Plural}/{name}", new() { ["spec"] = new JsonObject { ["stop"] = true } }, cancellationToken);

    /// <summary>Has dcp announce an object anew to whoever watches it; false where it does not exist.</summary>
    public async Task<bool> TouchAsync<TSpec, TStatus>(DcpKind<TSpec, TStatus> kind, string name, CancellationToken cancellationToken)
    {
        var annotations = new JsonObject { [TouchedAnnotation] = Guid.CreateVersion7().ToString() };
        try
        {
            return await PatchAsync(
                $"{Root}/{kind.Plural}/{name}", new() { ["metadata"] = new JsonObject { ["annotations"] = annotations } }, cancellationToken);
        }
        catch (HttpRequestException exception) when (exception.StatusCode == HttpStatusCode.Conflict)
        {
            // Others change it at the same time, and that is announced as well.
            return true;
        }
    }

    /// <summary>Deletes an object, stopping it first; false where it does not exist.</summary>
    public async Task<bool> DeleteAsync<TSpec, TStatus>(DcpKind<TSpec, TStatus> kind, string name, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var response = await _http.DeleteAsync($"{Root}/{kind.Plural}/{name}", cancellationToken);

            // dcp wrote its status between this request's look at the object and its write.
            if (response.StatusCode != HttpStatusCode.Conflict)
            {
                return await ExistsAsync(response, cancellationToken);
            }
        }
    }

    /// <summary>Asks dcp to stop everything that still runs, and itself.</summary>
    public Task RequestShutdownAsync(CancellationToken cancellationToken) =>
        PatchAsync("/admin/execution", new() { ["status"] = "Stopping", ["shutdownResourceCleanup"] = "Full" }, cancellationToken);

    /// <summary>Opens one stream of an object's output; it ends when the object has. Null where there is none (yet).</summary>
    public async Task<Stream?> TryOpenLogAsync<TSpec, TStatus>(
        DcpKind<TSpec, TStatus> kind,
        string name,
        string source,
        CancellationToken cancellationToken)
    {
        var response = await _http.GetAsync(
            $"{Root}/{kind.Plural}/{name}/log?source={source}&follow=true&timestamps=true",
            HttpCompletionOption.ResponseHeadersRead,
            cancellationToken);

        if (!response.IsSuccessStatusCode)
        {
            response.Dispose();
            return null;
        }

        // Disposing the stream ends the response.
        return await response.Content.ReadAsStreamAsync(cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private static async Task<bool> ExistsAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }

        await ThrowOnFailureAsync(response, cancellationToken);
        return true;
    }

    private static async Task ThrowOnFailureAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            throw new HttpRequestException(
                $"dcp answered {(int)response.StatusCode} to {response.RequestMessage?.Method} {response.RequestMessage?.RequestUri?.AbsolutePath}: {body}",
                inner: null,
                response.StatusCode);
        }
    }

    private async Task<bool> PatchAsync(string path, JsonObject patch, CancellationToken cancellationToken)
    {
        using var content = new StringContent(patch.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/merge-patch+json"));
        using var response = await _http.PatchAsync(path, content, cancellationToken);
        return await ExistsAsync(response, cancellationToken);
    }
}
