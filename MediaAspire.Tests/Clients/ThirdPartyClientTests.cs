using MediaAspire.Tests.Graph;

namespace MediaAspire.Tests.Clients;

/// <summary>
/// Software that others wrote, each with its default settings, against the whole graph: a bucket, single objects, a folder of 1,000 files with
/// awkward names and one of 100 MiB there and back, a listing, a copy, presigned URLs, deletion.
/// </summary>
/// <remarks>The clients run side by side; a test waits for its own.</remarks>
[Collection(GraphGroup.Name)]
public sealed class ThirdPartyClientTests(ClientRuns clients) : IClassFixture<ClientRuns>
{
    [Fact]
    public Task Aws_cli_keeps_every_byte_and_name() => clients.AwsCli;

    [Fact]
    public Task Boto3_keeps_every_byte_and_name() => clients.Boto3;

    [Fact]
    public Task Rclone_keeps_every_byte_and_name() => clients.Rclone;

    [Fact]
    public Task S3cmd_keeps_every_byte_and_name() => clients.S3cmd;

    [Fact]
    public Task The_SDK_for_dotnet_keeps_every_byte_and_name() => clients.Dotnet;

    [Fact]
    public Task The_SDK_for_JavaScript_keeps_every_byte_and_name() => clients.JavaScript;
}
