using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Chunks.Transfers;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;
using MediaAspire.Storage.Membership;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Storage;

/// <summary>Tests of mutual TLS between the processes of a cluster.</summary>
public sealed class ClusterTlsTests : IDisposable
{
    private static readonly byte[] s_bytes = TestBytes.Make(1, 2_000_000);

    private readonly TemporaryDirectory _directory = new();
    private readonly TestAuthority _authority;

    public ClusterTlsTests() => _authority = new TestAuthority(_directory);

    public void Dispose()
    {
        _authority.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Processes_with_certificates_of_the_authority_put_get_and_copy()
    {
        await using var first = await TestNode.StartAsync(tls: _authority.Issue("first"));
        await using var second = await TestNode.StartAsync(tls: _authority.Issue("second"));
        Assert.Equal(Uri.UriSchemeHttps, first.Address.Scheme);
        second.Sources = [ServerOf(first)];

        var chunk = await first.PutAsync(s_bytes);
        await second.Client.CopyAsync(chunk, first.Id, default);

        Assert.Equal(s_bytes, await first.GetAsync(chunk, 0, s_bytes.Length));
        Assert.Equal(s_bytes, await second.GetAsync(chunk, 0, s_bytes.Length));
        Assert.True((await second.Client.VerifyAsync(chunk, default)).IsIntact);
    }

    [Fact]
    public async Task The_token_is_required_over_TLS_too()
    {
        await using var node = await TestNode.StartAsync(tls: _authority.Issue(), clientToken: TestNode.Token + "x");

        await AssertErrorAsync(ChunkNodeError.Unauthenticated, () => node.PutAsync([1]));
    }

    [Fact]
    public async Task A_client_without_a_certificate_of_the_authority_is_refused()
    {
        using var foreign = new TestAuthority(_directory);
        await using var node = await TestNode.StartAsync(tls: _authority.Issue());

        await AssertRefusedAsync(node, certificate: null);
        await AssertRefusedAsync(node, foreign.Issue());
        await AssertRefusedAsync(node, _authority.Issue(expired: true));
        await AssertRefusedAsync(node, _authority.Issue(serverOnly: true));
        Assert.True(await IsAcceptedAsync(node, _authority.Issue("another process")));
    }

    [Fact]
    public async Task A_node_without_a_certificate_of_the_authority_for_its_address_is_not_called()
    {
        using var foreign = new TestAuthority(_directory);
        using var clients = TestNode.MakeClients(tls: _authority.Issue("api"));
        foreach (var certificate in new[] { foreign.Issue(), _authority.Issue(expired: true), _authority.Issue(host: "other.example") })
        {
            await using var node = await TestNode.StartAsync(tls: certificate);
            await AssertErrorAsync(
                ChunkNodeError.Unreachable, () => clients.Get(node.Address).StatAsync(ChunkId.New(TimeProvider.System), default));
        }
    }

    [Fact]
    public async Task Plain_text_is_refused_from_both_sides()
    {
        await using var node = await TestNode.StartAsync(tls: _authority.Issue());

        // A node with certificates does not understand callers without TLS.
        var plain = new UriBuilder(node.Address) { Scheme = Uri.UriSchemeHttp }.Uri;
        using (var clients = TestNode.MakeClients())
        {
            await AssertErrorAsync(
                ChunkNodeError.Unreachable, () => clients.Get(plain).StatAsync(ChunkId.New(TimeProvider.System), default));
        }

        using (var writer = RawWriter.Connect(node.Address))
        {
            writer.Send(TransferFrames.Magic);
            writer.Send(RawWriter.Hello);
            writer.EndSending();
            Assert.InRange(ReadToEndOrReset(writer), 0, TransferFrames.Magic.Length - 1);
        }

        // And a process with certificates does not send the token to a node without them.
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        using var secured = TestNode.MakeClients(tls: _authority.Issue("api"));
        var error = await Assert.ThrowsAsync<ChunkNodeException>(
            () => secured.Get(new Uri($"http://{listener.LocalEndpoint}")).StatAsync(ChunkId.New(TimeProvider.System), default));
        Assert.Equal(ChunkNodeError.Unreachable, error.Error);
        Assert.Contains("without TLS", error.Message, StringComparison.Ordinal);
        await AssertErrorAsync(ChunkNodeError.Unreachable, () => secured.Get(new Uri($"http://{listener.LocalEndpoint}")).BeginPutAsync(
            ChunkId.New(TimeProvider.System), FileId.New(TimeProvider.System), null, default));
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task A_renewed_certificate_is_presented_without_a_restart()
    {
        var time = new ManualTime();
        var (files, caller) = (_authority.Issue("old"), _authority.Issue("caller"));
        await using var node = await TestNode.StartAsync(tls: files, time: time);
        Assert.Equal("CN=old", await NameOfAsync(node, caller));

        _authority.Renew(files, "new");
        Assert.Equal("CN=old", await NameOfAsync(node, caller));
        time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal("CN=new", await NameOfAsync(node, caller));

        // Half of a renewal leaves the certificate as it is.
        File.WriteAllText(files.KeyPath, "half");
        time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal("CN=new", await NameOfAsync(node, caller));
    }

    [Fact]
    public async Task A_node_registers_with_an_https_address_only()
    {
        var files = _authority.Issue();
        await using var node = await TestNode.StartAsync(tls: files);

        Assert.Equal(Uri.UriSchemeHttps, NodeAddress.From([node.Address.OriginalString], "machine")!.Scheme);
        var validator = new AdvertisedAddressValidator(Options.Create(new ClusterOptions { Tls = files }));
        Assert.True(validator.Validate(null, new() { AdvertisedAddress = new Uri("http://node:8080") }).Failed);
        Assert.True(validator.Validate(null, new() { AdvertisedAddress = new Uri("https://node:8080") }).Succeeded);
    }

    [Fact]
    public void Files_that_cannot_be_used_stop_the_process()
    {
        var (good, other) = (_authority.Issue(), _authority.Issue());
        var validator = new ClusterTlsValidator();

        Assert.True(Validate(good).Succeeded);
        Assert.True(Validate(new()).Succeeded);
        AssertFails("or none of them", new() { CertificatePath = good.CertificatePath, KeyPath = good.KeyPath });
        AssertFails(
            "cannot be used",
            new() { CertificatePath = good.CertificatePath, KeyPath = other.KeyPath, AuthorityPath = good.AuthorityPath });
        AssertFails("cannot be used", new() { CertificatePath = "/nothing", KeyPath = good.KeyPath, AuthorityPath = good.AuthorityPath });
        AssertFails("authority", new() { CertificatePath = good.CertificatePath, KeyPath = good.KeyPath, AuthorityPath = good.KeyPath });

        ValidateOptionsResult Validate(ClusterTlsOptions tls) => validator.Validate(null, new ClusterOptions { Tls = tls });

        void AssertFails(string reason, ClusterTlsOptions tls)
        {
            var result = Validate(tls);
            Assert.True(result.Failed);
            Assert.Contains(reason, result.FailureMessage, StringComparison.Ordinal);
        }
    }

    private static ClusterServer ServerOf(TestNode node) =>
        new(node.Id, "node", node.Address, ServerStatus.Online, 0, 0, 0, Cluster: node.Cluster);

    private static async Task AssertErrorAsync(ChunkNodeError expected, Func<Task> action) =>
        Assert.Equal(expected, (await Assert.ThrowsAsync<ChunkNodeException>(action)).Error);

    private static async Task AssertRefusedAsync(TestNode node, ClusterTlsOptions? certificate) =>
        Assert.False(await IsAcceptedAsync(node, certificate));

    /// <summary>Opens a transfer connection over TLS, whatever the node's certificate is.</summary>
    private static async Task<bool> IsAcceptedAsync(TestNode node, ClusterTlsOptions? certificate)
    {
        try
        {
            await using var stream = await ConnectAsync(node, certificate);
            var hello = new byte[TransferFrames.PrefixBytes + TransferFrames.MaxMessageBytes];
            var length = TransferFrames.Write(hello, RawWriter.Hello);
            await stream.WriteAsync(TransferFrames.Magic.ToArray());
            await stream.WriteAsync(hello.AsMemory(0, length));
            var magic = new byte[TransferFrames.Magic.Length];
            await stream.ReadExactlyAsync(magic).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
            return TransferFrames.Magic.SequenceEqual(magic);
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException)
        {
            return false;
        }
    }

    private static async Task<string> NameOfAsync(TestNode node, ClusterTlsOptions certificate)
    {
        await using var stream = await ConnectAsync(node, certificate);
        return stream.RemoteCertificate!.Subject;
    }

    private static async Task<SslStream> ConnectAsync(TestNode node, ClusterTlsOptions? certificate)
    {
        var client = new TcpClient();
        await client.ConnectAsync(node.Address.Host, node.Address.Port);
        var stream = new SslStream(client.GetStream());
        using var own = certificate is null
            ? null
            : X509Certificate2.CreateFromPemFile(certificate.CertificatePath, certificate.KeyPath);
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = node.Address.Host,
            ClientCertificates = own is null ? null : [own],
            LocalCertificateSelectionCallback = own is null ? null : (_, _, _, _, _) => own,
#pragma warning disable CA5359 // A stranger accepts any node; the node must not accept the stranger.
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
        });
        return stream;
    }

    private static int ReadToEndOrReset(RawWriter writer)
    {
        try
        {
            return writer.ReadToEnd();
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
