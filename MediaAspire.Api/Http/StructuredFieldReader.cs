using System.Buffers;

namespace MediaAspire.Api.Http;

/// <summary>The parsing algorithms of RFC 9651, section 4.2.</summary>
internal ref struct StructuredFieldReader(ReadOnlySpan<char> text)
{
    private const int MostIntegerDigits = 15;
    private const int MostDigitsBeforePoint = 12;
    private const int MostDigitsAfterPoint = 3;

    private static readonly SearchValues<char> s_keyCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_-.*");
    private static readonly SearchValues<char> s_tokenCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~:/");

    private ReadOnlySpan<char> _rest = text;

    private readonly char Next => _rest.IsEmpty ? '\0' : _rest[0];

    public bool TryReadItem(out StructuredValue item)
    {
        _rest = _rest.TrimStart(' ');
        return TryReadBareItem(out item) && TryReadParameters() && _rest.TrimStart(' ').IsEmpty;
    }

    public bool TryReadDictionary(out IReadOnlyDictionary<string, StructuredValue> members)
    {
        var read = new Dictionary<string, StructuredValue>(StringComparer.Ordinal);
        members = read;
        _rest = _rest.TrimStart(' ');
        while (!_rest.IsEmpty)
        {
            if (!TryReadKey(out var key))
            {
                return false;
            }

            var value = new StructuredValue(StructuredKind.Boolean, Boolean: true);
            if (TryTake('=') && !(Next == '(' ? TryReadInnerList(out value) : TryReadBareItem(out value)))
            {
                return false;
            }

            if (!TryReadParameters())
            {
                return false;
            }

            read[key] = value;
            _rest = _rest.TrimStart(" \t");
            if (_rest.IsEmpty)
            {
                return true;
            }

            if (!TryTake(','))
            {
                return false;
            }

            _rest = _rest.TrimStart(" \t");
            if (_rest.IsEmpty)
            {
                // A trailing comma.
                return false;
            }
        }

        return true;
    }

    private bool TryReadInnerList(out StructuredValue list)
    {
        list = new(StructuredKind.InnerList);
        TryTake('(');
        while (!_rest.IsEmpty)
        {
            _rest = _rest.TrimStart(' ');
            if (TryTake(')'))
            {
                return true;
            }

            if (!TryReadBareItem(out _) || !TryReadParameters() || Next is not (' ' or ')'))
            {
                return false;
            }
        }

        return false;
    }

    private bool TryReadParameters()
    {
        while (TryTake(';'))
        {
            _rest = _rest.TrimStart(' ');
            if (!TryReadKey(out _) || (TryTake('=') && !TryReadBareItem(out _)))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryReadKey(out string key)
    {
        key = "";
        if (!char.IsAsciiLetterLower(Next) && Next != '*')
        {
            return false;
        }

        key = Take(_rest.IndexOfAnyExcept(s_keyCharacters)).ToString();
        return true;
    }

    private bool TryReadBareItem(out StructuredValue value)
    {
        value = default;
        return Next switch
        {
            '-' or (>= '0' and <= '9') => TryReadNumber(out value),
            '"' => TryReadString(out value),
            '*' or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') => TryReadToken(out value),
            ':' => TryReadBytes(out value),
            '?' => TryReadBoolean(out value),
            '@' => TryReadDate(out value),
            '%' => TryReadDisplayString(out value),
            _ => false,
        };
    }

    private bool TryReadNumber(out StructuredValue value)
    {
        value = default;
        var isNegative = TryTake('-');
        var digits = TakeDigits();
        if (digits.IsEmpty)
        {
            return false;
        }

        if (Next == '.')
        {
            TryTake('.');
            var fraction = TakeDigits();
            value = new(StructuredKind.Decimal);
            return digits.Length <= MostDigitsBeforePoint && fraction.Length is > 0 and <= MostDigitsAfterPoint;
        }

        if (digits.Length > MostIntegerDigits)
        {
            return false;
        }

        var number = long.Parse(digits, System.Globalization.CultureInfo.InvariantCulture);
        value = new(StructuredKind.Integer, Integer: isNegative ? -number : number);
        return true;
    }

    private bool TryReadString(out StructuredValue value)
    {
        value = new(StructuredKind.String);
        TryTake('"');
        while (!_rest.IsEmpty)
        {
            var next = _rest[0];
            _rest = _rest[1..];
            switch (next)
            {
                case '"':
                    return true;
                case '\\' when Next is '"' or '\\':
                    _rest = _rest[1..];
                    break;
                case '\\' or < ' ' or > '~':
                    return false;
            }
        }

        return false;
    }

    private bool TryReadToken(out StructuredValue value)
    {
        value = new(StructuredKind.Token);
        Take(_rest.IndexOfAnyExcept(s_tokenCharacters));
        return true;
    }

    private bool TryReadBytes(out StructuredValue value)
    {
        value = default;
        TryTake(':');
        var end = _rest.IndexOf(':');
        if (end < 0)
        {
            return false;
        }

        var bytes = new byte[((end + 3) / 4) * 3];
        if (!Convert.TryFromBase64Chars(_rest[..end], bytes, out var written))
        {
            return false;
        }

        _rest = _rest[(end + 1)..];
        value = new(StructuredKind.ByteSequence, Bytes: bytes[..written]);
        return true;
    }

    private bool TryReadBoolean(out StructuredValue value)
    {
        TryTake('?');
        value = new(StructuredKind.Boolean, Boolean: Next == '1');
        return TryTake('1') || TryTake('0');
    }

    private bool TryReadDate(out StructuredValue value)
    {
        TryTake('@');
        value = default;
        if (Next is not ('-' or (>= '0' and <= '9')) || !TryReadNumber(out var seconds) || seconds.Kind != StructuredKind.Integer)
        {
            return false;
        }

        value = new(StructuredKind.Date);
        return true;
    }

    private bool TryReadDisplayString(out StructuredValue value)
    {
        value = new(StructuredKind.DisplayString);
        TryTake('%');
        if (!TryTake('"'))
        {
            return false;
        }

        var bytes = new List<byte>();
        while (!_rest.IsEmpty)
        {
            var next = _rest[0];
            _rest = _rest[1..];
            switch (next)
            {
                case '"':
                    return System.Text.Unicode.Utf8.IsValid(bytes.ToArray());
                case '%' when _rest.Length >= 2 && IsLowerHex(_rest[0]) && IsLowerHex(_rest[1]):
                    bytes.Add(Convert.FromHexString(_rest[..2])[0]);
                    _rest = _rest[2..];
                    break;
                case '%' or < ' ' or > '~':
                    return false;
                default:
                    bytes.Add((byte)next);
                    break;
            }
        }

        return false;
    }

    private static bool IsLowerHex(char c) => char.IsAsciiDigit(c) || c is >= 'a' and <= 'f';

    private ReadOnlySpan<char> TakeDigits() => Take(_rest.IndexOfAnyExceptInRange('0', '9'));

    /// <summary>Takes characters up to a position; all for -1.</summary>
    private ReadOnlySpan<char> Take(int end)
    {
        var taken = end < 0 ? _rest : _rest[..end];
        _rest = _rest[taken.Length..];
        return taken;
    }

    private bool TryTake(char expected)
    {
        if (Next != expected || _rest.IsEmpty)
        {
            return false;
        }

        _rest = _rest[1..];
        return true;
    }
}
