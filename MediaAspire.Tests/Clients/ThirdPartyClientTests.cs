using MediaAspire.Tests.Harness;
using Xunit.Abstractions;

namespace MediaAspire.Tests.Clients;

/// <summary>
/// Third-party clients, each with its default settings, against the whole graph: a bucket, single objects, upload and download of a
/// folder of 1,000 files with awkward names and one of 100 MiB, a listing, a copy, presigned URLs, deletion. Those of resumable uploads send
/// one file, are interrupted, and resume.
/// </summary>
/// <remarks>The clients run in parallel. Each test waits for its own client, and its output has the release.</remarks>
[Collection(GraphGroup.Name)]
public sealed class ThirdPartyClientTests(ClientRuns clients, ITestOutputHelper output) : IClassFixture<ClientRuns>
{
    [Fact]
    public Task Aws_cli_keeps_every_byte_and_name() => clients.AwsCli.FinishAsync(output);

    [Fact]
    public Task Boto3_keeps_every_byte_and_name() => clients.Boto3.FinishAsync(output);

    [Fact]
    public Task Rclone_keeps_every_byte_and_name() => clients.Rclone.FinishAsync(output);

    [Fact]
    public Task S3cmd_keeps_every_byte_and_name() => clients.S3cmd.FinishAsync(output);

    [Fact]
    public Task The_SDK_for_dotnet_keeps_every_byte_and_name() => clients.Dotnet.FinishAsync(output);

    [Fact]
    public Task Tus_js_client_resumes_uploads_by_tus() => clients.TusJs.FinishAsync(output);

    [Fact]
    public Task Tus_js_client_resumes_uploads_by_the_draft_of_the_IETF() => clients.DraftJs.FinishAsync(output);

    [Fact]
    public Task Tuspy_resumes_uploads() => clients.Tuspy.FinishAsync(output);

    [Fact]
    public Task The_SDK_for_JavaScript_keeps_every_byte_and_name() => clients.JavaScript.FinishAsync(output);
}
