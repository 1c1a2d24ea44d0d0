namespace MediaAspire.Core.Chunks;

/// <summary>A handler in the place of connections without TLS, in a cluster that uses TLS. It sends nothing.</summary>
internal sealed class PlainTextRefusal : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        throw new HttpRequestException(
            $"The node's address {request.RequestUri?.GetLeftPart(UriPartial.Authority)} is without TLS, but Cluster:Tls is set here. "
            + "Set it on the node too.");
}
