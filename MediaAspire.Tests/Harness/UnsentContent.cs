using System.Net;

namespace MediaAspire.Tests.Harness;

/// <summary>A body of a declared length that fails the test when it is sent.</summary>
internal sealed class UnsentContent(long length) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        throw new InvalidOperationException("The body was asked for.");

    protected override bool TryComputeLength(out long computed)
    {
        computed = length;
        return true;
    }
}
